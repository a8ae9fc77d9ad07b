CREATE TABLE "merged_attempts" (
	"lane" smallint NOT NULL,
	"contact_id" uuid NOT NULL,
	"attempt_id" uuid NOT NULL,
	"is_marketing" boolean NOT NULL,
	"authorised_at" timestamp with time zone NOT NULL,
	"start_before" timestamp with time zone NOT NULL,
	"cooling_until" timestamp with time zone,
	CONSTRAINT "merged_attempts_lane_contact_id_attempt_id_pk" PRIMARY KEY("lane","contact_id","attempt_id")
);
--> statement-breakpoint
CREATE TABLE "message_drafts" (
	"lane" smallint NOT NULL,
	"message_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"sealed" "bytea" NOT NULL,
	CONSTRAINT "message_drafts_lane_message_id_pk" PRIMARY KEY("lane","message_id")
);
--> statement-breakpoint
CREATE TABLE "own_numbers" (
	"lane" smallint NOT NULL,
	"id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"declared_by" uuid NOT NULL,
	"declared_at" timestamp with time zone NOT NULL,
	"withdrawn_at" timestamp with time zone,
	CONSTRAINT "own_numbers_lane_id_pk" PRIMARY KEY("lane","id")
);
--> statement-breakpoint
ALTER TABLE "gate_refusals" ALTER COLUMN "campaign_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ALTER COLUMN "campaign_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ALTER COLUMN "variant" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ALTER COLUMN "purpose_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "send_attempts" ALTER COLUMN "campaign_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "purposes" ADD COLUMN "question_template_id" uuid;--> statement-breakpoint
ALTER TABLE "installation" ADD COLUMN "stop_opt_out_share" double precision DEFAULT 0.02 NOT NULL;--> statement-breakpoint
ALTER TABLE "installation" ADD COLUMN "stop_opt_out_after" integer DEFAULT 200 NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "kind" text DEFAULT 'campaign' NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "basis" text DEFAULT 'consent' NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "ground_id" uuid;--> statement-breakpoint
ALTER TABLE "merged_attempts" ADD CONSTRAINT "merged_attempts_lane_contact_id_contacts_lane_id_fk" FOREIGN KEY ("lane","contact_id") REFERENCES "public"."contacts"("lane","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "own_numbers" ADD CONSTRAINT "own_numbers_lane_contact_id_contacts_lane_id_fk" FOREIGN KEY ("lane","contact_id") REFERENCES "public"."contacts"("lane","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "own_numbers_contact" ON "own_numbers" USING btree ("lane","contact_id") WHERE withdrawn_at is null;--> statement-breakpoint
CREATE INDEX "messages_direct_due" ON "messages" USING btree ("lane","not_before","id") WHERE state = 'queued' and campaign_id is null;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_kind" CHECK (case "messages"."kind" when 'campaign' then "messages"."basis" = 'consent' and num_nulls("messages"."campaign_id", "messages"."variant", "messages"."purpose_id") = 0 else "messages"."campaign_id" is null and "messages"."basis" = case "messages"."kind" when 'reply' then 'service' when 'opt_out_confirmation' then 'service' when 'consent_request' then 'request' when 'test' then 'test' end end);