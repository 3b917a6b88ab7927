export * from '../core/diagnosis/explainDocument';
