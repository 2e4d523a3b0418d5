-- Which files an import was of, so that a start over the same files need not read them.
ALTER TABLE data_revision ADD COLUMN files_digest text;
