export * from '../../core/diagnosis/findingDocument';
