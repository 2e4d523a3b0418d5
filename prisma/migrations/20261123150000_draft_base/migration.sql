-- Fingerprint of the study that a draft was made of: what was accepted since must not be undone by it.
ALTER TABLE "draft" ADD COLUMN "base" TEXT;
