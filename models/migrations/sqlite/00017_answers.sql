-- The newest answer to a request is found by its request, whatever else the order of an index promises.

-- +goose Up
DROP INDEX ratings_of_request;
CREATE INDEX ratings_of_request ON ratings (workspace_id, request_id, at, id);
