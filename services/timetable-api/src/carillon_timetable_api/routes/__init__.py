"""The REST API under `/api/`, one module a resource; each makes its routes for the page size of this instance."""
