CREATE TABLE "merged_campaigns" (
	"lane" smallint NOT NULL,
	"contact_id" uuid NOT NULL,
	"campaign_id" uuid NOT NULL,
	CONSTRAINT "merged_campaigns_lane_contact_id_campaign_id_pk" PRIMARY KEY("lane","contact_id","campaign_id")
);
--> statement-breakpoint
ALTER TABLE "contact_identifiers" ADD COLUMN "former_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "merged_into" uuid;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "merged_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD COLUMN "details_sealed" "bytea";--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD COLUMN "attributed_by" text;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD COLUMN "original_wamid" text;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD COLUMN "is_forwarded" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD COLUMN "edited_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "inbound_messages" ADD COLUMN "revoked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "merged_campaigns" ADD CONSTRAINT "merged_campaigns_lane_contact_id_contacts_lane_id_fk" FOREIGN KEY ("lane","contact_id") REFERENCES "public"."contacts"("lane","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "contacts_merged" ON "contacts" USING btree ("merged_into") WHERE merged_into is not null;