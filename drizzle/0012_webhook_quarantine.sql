CREATE TABLE "webhook_counts" (
	"hour" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "webhook_counts_hour_kind_status_pk" PRIMARY KEY("hour","kind","status")
);
--> statement-breakpoint
ALTER TABLE "webhook_dead_items" ADD COLUMN "replays" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "webhook_dead_items" ADD COLUMN "replay_asked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "webhook_dead_items" ADD COLUMN "resolution" text;--> statement-breakpoint
ALTER TABLE "webhook_dead_items" ADD COLUMN "resolved_by" uuid;--> statement-breakpoint
ALTER TABLE "webhook_dead_items" ADD CONSTRAINT "webhook_dead_items_resolved_by_users_id_fk" FOREIGN KEY ("resolved_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "webhook_dead_items_open" ON "webhook_dead_items" USING btree ("kind","at") WHERE resolved_at is null;