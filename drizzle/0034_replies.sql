CREATE TABLE "reply_rules" (
	"number" integer PRIMARY KEY NOT NULL,
	"rules" jsonb NOT NULL,
	"saved_by" uuid NOT NULL,
	"saved_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD COLUMN "reply_class" text;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD COLUMN "class_by" text;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD COLUMN "class_rules" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD COLUMN "class_corrected_by" uuid;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD COLUMN "seen_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD COLUMN "seen_by" uuid;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD COLUMN "handled_by" uuid;--> statement-breakpoint
ALTER TABLE "reply_rules" ADD CONSTRAINT "reply_rules_saved_by_users_id_fk" FOREIGN KEY ("saved_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD CONSTRAINT "inbound_messages_class_corrected_by_users_id_fk" FOREIGN KEY ("class_corrected_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD CONSTRAINT "inbound_messages_seen_by_users_id_fk" FOREIGN KEY ("seen_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD CONSTRAINT "inbound_messages_handled_by_users_id_fk" FOREIGN KEY ("handled_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "inbound_messages_waiting" ON "inbound_messages" USING btree ("lane","id") WHERE handled_at is null and reply_class is not null;--> statement-breakpoint
CREATE INDEX "inbound_messages_by_answered" ON "inbound_messages" USING btree ("lane","message_id") WHERE message_id is not null;--> statement-breakpoint
CREATE INDEX "inbound_messages_by_campaign" ON "inbound_messages" USING btree ("lane","campaign_id","id") WHERE campaign_id is not null;--> statement-breakpoint
CREATE INDEX "inbound_messages_by_rules" ON "inbound_messages" USING btree ("lane","class_rules","id") WHERE class_by = 'rules';