ALTER TABLE "message_statuses" ADD COLUMN "inbox_lane" smallint;--> statement-breakpoint
ALTER TABLE "message_statuses" ADD COLUMN "inbox_id" uuid;