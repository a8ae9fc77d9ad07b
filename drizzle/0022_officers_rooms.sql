CREATE TABLE "exclusion_lists" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"file_sha256" "bytea",
	"row_count" integer DEFAULT 0 NOT NULL,
	"added_count" integer DEFAULT 0 NOT NULL,
	"unreadable_count" integer DEFAULT 0 NOT NULL,
	"contact_count" integer DEFAULT 0 NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"completed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "suppression_removals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lane" smallint NOT NULL,
	"contact_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"reason" text NOT NULL,
	"asked_by" uuid NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"decision" text,
	"decided_by" uuid,
	"decided_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "send_verifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"cause" text NOT NULL,
	"asked_by" uuid,
	"asked_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"state" text NOT NULL,
	"checked" bigint DEFAULT 0 NOT NULL,
	"total" bigint DEFAULT 0 NOT NULL,
	"result" jsonb
);
--> statement-breakpoint
CREATE TABLE "breaches" (
	"id" uuid PRIMARY KEY NOT NULL,
	"detected_at" timestamp with time zone NOT NULL,
	"nature" text NOT NULL,
	"categories" text NOT NULL,
	"people_count" integer,
	"records_count" integer,
	"consequences" text NOT NULL,
	"measures" text NOT NULL,
	"authority_notified_at" timestamp with time zone,
	"authority_reason" text,
	"people_notified_at" timestamp with time zone,
	"people_reason" text,
	"recorded_by" uuid,
	"recorded_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "record_versions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"number" integer NOT NULL,
	"texts" jsonb NOT NULL,
	"generated" jsonb NOT NULL,
	"saved_by" uuid,
	"saved_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "retention_removals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"what" text NOT NULL,
	"before" timestamp with time zone NOT NULL,
	"removed" integer NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rights_blocked_accesses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"contact_id" uuid NOT NULL,
	"ground" text NOT NULL,
	"reference" text NOT NULL,
	"asked_by" uuid NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"allowed_by" uuid,
	"allowed_at" timestamp with time zone,
	"expires_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "rights_identity_codes" (
	"request_id" uuid PRIMARY KEY NOT NULL,
	"code_hash" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "rights_links" (
	"token_hash" "bytea" PRIMARY KEY NOT NULL,
	"request_id" uuid NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"claim_hash" "bytea",
	"claimed_at" timestamp with time zone,
	"views" integer DEFAULT 0 NOT NULL,
	"last_view_at" timestamp with time zone,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "rights_packages" (
	"request_id" uuid PRIMARY KEY NOT NULL,
	"contact_id" uuid NOT NULL,
	"sealed" "bytea" NOT NULL,
	"sha256" "bytea" NOT NULL,
	"built_at" timestamp with time zone NOT NULL,
	"redactions" jsonb DEFAULT '[]'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rights_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lane" smallint NOT NULL,
	"contact_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"jurisdiction" text,
	"received_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"extended_reason" text,
	"opened_by" uuid,
	"assigned_to" uuid,
	"identity_method" text,
	"identity_inbound_id" uuid,
	"identity_checked_at" timestamp with time zone,
	"identity_checked_by" uuid,
	"details_sealed" "bytea",
	"redacted_by" uuid,
	"redacted_at" timestamp with time zone,
	"approved_by" uuid,
	"approved_at" timestamp with time zone,
	"is_solo" boolean DEFAULT false NOT NULL,
	"block_until" timestamp with time zone,
	"executed_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"closed_by" uuid,
	"refused_reason" text
);
--> statement-breakpoint
CREATE TABLE "webhook_inbox_contacts" (
	"lane" smallint NOT NULL,
	"lookup" "bytea" NOT NULL,
	"inbox_id" uuid NOT NULL,
	"inbox_lane" smallint NOT NULL,
	CONSTRAINT "webhook_inbox_contacts_lane_lookup_inbox_id_pk" PRIMARY KEY("lane","lookup","inbox_id")
);
--> statement-breakpoint
ALTER TABLE "exclusion_lists" ADD CONSTRAINT "exclusion_lists_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suppression_removals" ADD CONSTRAINT "suppression_removals_asked_by_users_id_fk" FOREIGN KEY ("asked_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suppression_removals" ADD CONSTRAINT "suppression_removals_decided_by_users_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suppression_removals" ADD CONSTRAINT "suppression_removals_lane_contact_id_contacts_lane_id_fk" FOREIGN KEY ("lane","contact_id") REFERENCES "public"."contacts"("lane","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "send_verifications" ADD CONSTRAINT "send_verifications_asked_by_users_id_fk" FOREIGN KEY ("asked_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "breaches" ADD CONSTRAINT "breaches_recorded_by_users_id_fk" FOREIGN KEY ("recorded_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "record_versions" ADD CONSTRAINT "record_versions_saved_by_users_id_fk" FOREIGN KEY ("saved_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rights_blocked_accesses" ADD CONSTRAINT "rights_blocked_accesses_asked_by_users_id_fk" FOREIGN KEY ("asked_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rights_blocked_accesses" ADD CONSTRAINT "rights_blocked_accesses_allowed_by_users_id_fk" FOREIGN KEY ("allowed_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rights_identity_codes" ADD CONSTRAINT "rights_identity_codes_request_id_rights_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."rights_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rights_links" ADD CONSTRAINT "rights_links_request_id_rights_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."rights_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rights_links" ADD CONSTRAINT "rights_links_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rights_packages" ADD CONSTRAINT "rights_packages_request_id_rights_requests_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."rights_requests"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rights_requests" ADD CONSTRAINT "rights_requests_opened_by_users_id_fk" FOREIGN KEY ("opened_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rights_requests" ADD CONSTRAINT "rights_requests_assigned_to_users_id_fk" FOREIGN KEY ("assigned_to") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rights_requests" ADD CONSTRAINT "rights_requests_identity_checked_by_users_id_fk" FOREIGN KEY ("identity_checked_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rights_requests" ADD CONSTRAINT "rights_requests_redacted_by_users_id_fk" FOREIGN KEY ("redacted_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rights_requests" ADD CONSTRAINT "rights_requests_approved_by_users_id_fk" FOREIGN KEY ("approved_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rights_requests" ADD CONSTRAINT "rights_requests_closed_by_users_id_fk" FOREIGN KEY ("closed_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rights_requests" ADD CONSTRAINT "rights_requests_lane_contact_id_contacts_lane_id_fk" FOREIGN KEY ("lane","contact_id") REFERENCES "public"."contacts"("lane","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "suppression_removals_open" ON "suppression_removals" USING btree ("lane","contact_id","kind") WHERE decision is null;--> statement-breakpoint
CREATE UNIQUE INDEX "send_verifications_one_at_a_time" ON "send_verifications" USING btree ((true)) WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "breaches_by_time" ON "breaches" USING btree ("detected_at");--> statement-breakpoint
CREATE UNIQUE INDEX "record_versions_number" ON "record_versions" USING btree ("kind","number");--> statement-breakpoint
CREATE INDEX "retention_removals_by_time" ON "retention_removals" USING btree ("at");--> statement-breakpoint
CREATE INDEX "rights_blocked_accesses_by_contact" ON "rights_blocked_accesses" USING btree ("contact_id","asked_at");--> statement-breakpoint
CREATE INDEX "rights_links_by_request" ON "rights_links" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "rights_requests_open" ON "rights_requests" USING btree ("due_at","id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "rights_requests_by_contact" ON "rights_requests" USING btree ("contact_id");--> statement-breakpoint
CREATE INDEX "contact_suppressions_by_time" ON "contact_suppressions" USING btree ("since","contact_id","kind") WHERE lifted_at is null;