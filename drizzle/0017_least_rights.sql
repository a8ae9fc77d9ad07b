-- The ingress only adds identifiers; what is former is decided by the worker.
REVOKE UPDATE (former_at) ON contact_identifiers FROM contraste_ingress;
