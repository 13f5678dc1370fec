"""What people and programs reach over HTTP: the REST interface made from the operations, and pages."""
