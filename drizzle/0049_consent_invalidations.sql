CREATE TABLE "consent_invalidations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lane" smallint NOT NULL,
	"contact_id" uuid NOT NULL,
	"purpose_id" uuid NOT NULL,
	"basis_event_id" uuid,
	"reason_sealed" "bytea" NOT NULL,
	"asked_by" uuid NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"decision" text,
	"decided_by" uuid,
	"decided_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "consent_invalidations" ADD CONSTRAINT "consent_invalidations_purpose_id_purposes_id_fk" FOREIGN KEY ("purpose_id") REFERENCES "public"."purposes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consent_invalidations" ADD CONSTRAINT "consent_invalidations_asked_by_users_id_fk" FOREIGN KEY ("asked_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consent_invalidations" ADD CONSTRAINT "consent_invalidations_decided_by_users_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consent_invalidations" ADD CONSTRAINT "consent_invalidations_lane_contact_id_contacts_lane_id_fk" FOREIGN KEY ("lane","contact_id") REFERENCES "public"."contacts"("lane","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "consent_invalidations_open" ON "consent_invalidations" USING btree ("lane","contact_id","purpose_id") WHERE decision is null;