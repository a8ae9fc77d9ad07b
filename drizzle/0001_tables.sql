CREATE TABLE "attribute_definitions" (
	"key" text PRIMARY KEY NOT NULL,
	"label" text NOT NULL,
	"type" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contact_identifiers" (
	"lane" smallint NOT NULL,
	"contact_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"lookup" "bytea" NOT NULL,
	"sealed" "bytea" NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "contact_identifiers_lane_contact_id_kind_lookup_pk" PRIMARY KEY("lane","contact_id","kind","lookup")
);
--> statement-breakpoint
CREATE TABLE "contacts" (
	"lane" smallint NOT NULL,
	"id" uuid NOT NULL,
	"name_sealed" "bytea",
	"country" text,
	"language" text,
	"time_zone" text,
	"attributes" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"import_id" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"restricted_at" timestamp with time zone,
	"erased_at" timestamp with time zone,
	CONSTRAINT "contacts_lane_id_pk" PRIMARY KEY("lane","id"),
	CONSTRAINT "contacts_lane" CHECK ("contacts"."lane" = lane_of("contacts"."id"))
);
--> statement-breakpoint
CREATE TABLE "identifier_index" (
	"lane" smallint NOT NULL,
	"lookup" "bytea" NOT NULL,
	"kind" text NOT NULL,
	"contact_id" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "identifier_index_lane_lookup_pk" PRIMARY KEY("lane","lookup")
);
--> statement-breakpoint
CREATE TABLE "campaign_approvals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"campaign_id" uuid NOT NULL,
	"content_hash" text NOT NULL,
	"decision" text NOT NULL,
	"comment" text,
	"is_solo" boolean DEFAULT false NOT NULL,
	"by" uuid,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "campaign_exclusions" (
	"lane" smallint NOT NULL,
	"campaign_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "campaign_exclusions_lane_campaign_id_contact_id_pk" PRIMARY KEY("lane","campaign_id","contact_id")
);
--> statement-breakpoint
CREATE TABLE "campaign_history" (
	"id" uuid PRIMARY KEY NOT NULL,
	"campaign_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor_id" text,
	"type" text NOT NULL,
	"data" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "campaign_planning" (
	"campaign_id" uuid NOT NULL,
	"lane" smallint NOT NULL,
	"recipients" integer NOT NULL,
	"excluded" integer NOT NULL,
	"planned_at" timestamp with time zone NOT NULL,
	CONSTRAINT "campaign_planning_campaign_id_lane_pk" PRIMARY KEY("campaign_id","lane")
);
--> statement-breakpoint
CREATE TABLE "campaign_plans" (
	"campaign_id" uuid PRIMARY KEY NOT NULL,
	"plan" jsonb NOT NULL,
	"plan_hash" text NOT NULL,
	"seed" "bytea" NOT NULL,
	"frozen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "campaign_variants" (
	"campaign_id" uuid NOT NULL,
	"key" text NOT NULL,
	"position" integer NOT NULL,
	"template_id" uuid,
	"weight" integer NOT NULL,
	"parameters" jsonb NOT NULL,
	"link_url" text,
	CONSTRAINT "campaign_variants_campaign_id_key_pk" PRIMARY KEY("campaign_id","key"),
	CONSTRAINT "campaign_variants_key" CHECK ("campaign_variants"."key" ~ '^[A-H]$')
);
--> statement-breakpoint
CREATE TABLE "campaigns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"number_id" uuid,
	"purpose_id" uuid,
	"segment_id" uuid,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"resumes_as" text,
	"frozen_reason" text,
	"goal" jsonb NOT NULL,
	"holdout_basis_points" integer DEFAULT 1000 NOT NULL,
	"starts_at" timestamp with time zone,
	"deadline_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	"content_hash" text,
	"approved_hash" text,
	"editors" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"launched_by" uuid,
	"launched_at" timestamp with time zone,
	"grace_until" timestamp with time zone,
	"planned_at" timestamp with time zone,
	"sending_started_at" timestamp with time zone,
	"sending_ended_at" timestamp with time zone,
	"measuring_until" timestamp with time zone,
	"concluded_at" timestamp with time zone,
	CONSTRAINT "campaigns_holdout" CHECK ("campaigns"."holdout_basis_points" between 0 and 5000)
);
--> statement-breakpoint
CREATE TABLE "consent_events" (
	"lane" smallint NOT NULL,
	"id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"type" text NOT NULL,
	"purpose_id" uuid,
	"scope" text NOT NULL,
	"channel" text DEFAULT 'whatsapp' NOT NULL,
	"lawful_basis" text DEFAULT 'consent' NOT NULL,
	"jurisdiction" text,
	"language" text,
	"wording_version_id" uuid,
	"source" text NOT NULL,
	"source_class" text NOT NULL,
	"is_complete" boolean NOT NULL,
	"evidence_sealed" "bytea",
	"occurred_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"import_id" uuid,
	"idempotency_key" text NOT NULL,
	"entry_lane" smallint NOT NULL,
	"entry_id" uuid NOT NULL,
	CONSTRAINT "consent_events_lane_id_pk" PRIMARY KEY("lane","id"),
	CONSTRAINT "consent_events_scope" CHECK (("consent_events"."scope" = 'purpose') = ("consent_events"."purpose_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "consent_state" (
	"lane" smallint NOT NULL,
	"contact_id" uuid NOT NULL,
	"purpose_id" uuid NOT NULL,
	"status" text NOT NULL,
	"basis_event_id" uuid,
	"wording_version_id" uuid,
	"expires_at" timestamp with time zone,
	"pending_until" timestamp with time zone,
	"last_occurred_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "consent_state_lane_contact_id_purpose_id_pk" PRIMARY KEY("lane","contact_id","purpose_id")
);
--> statement-breakpoint
CREATE TABLE "contact_suppressions" (
	"lane" smallint NOT NULL,
	"contact_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"scope" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"until" timestamp with time zone,
	"lifted_at" timestamp with time zone,
	"reason_event_id" uuid,
	CONSTRAINT "contact_suppressions_lane_contact_id_kind_pk" PRIMARY KEY("lane","contact_id","kind")
);
--> statement-breakpoint
CREATE TABLE "purposes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"category" text NOT NULL,
	"dpv_iri" text DEFAULT 'dpv:DirectMarketing' NOT NULL,
	"lawful_basis" text DEFAULT 'consent' NOT NULL,
	"validity_days" integer DEFAULT 730 NOT NULL,
	"pending_hours" integer DEFAULT 168 NOT NULL,
	"double_opt_in" boolean DEFAULT false NOT NULL,
	"retention_days" integer DEFAULT 1095 NOT NULL,
	"min_age" integer,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "suppression_lookups" (
	"lane" smallint NOT NULL,
	"lookup" "bytea" NOT NULL,
	"kind" text NOT NULL,
	"scope" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"until" timestamp with time zone,
	"lifted_at" timestamp with time zone,
	"reason_event_id" uuid,
	CONSTRAINT "suppression_lookups_lane_lookup_kind_pk" PRIMARY KEY("lane","lookup","kind")
);
--> statement-breakpoint
CREATE TABLE "wording_versions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"purpose_id" uuid NOT NULL,
	"label" text NOT NULL,
	"language" text NOT NULL,
	"text" text NOT NULL,
	"text_sha256" "bytea" NOT NULL,
	"controller" text NOT NULL,
	"privacy_notice_url" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "inbound_messages" (
	"lane" smallint NOT NULL,
	"id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"number_id" uuid NOT NULL,
	"wamid" text NOT NULL,
	"type" text NOT NULL,
	"body_sealed" "bytea",
	"classification" text NOT NULL,
	"message_id" uuid,
	"campaign_id" uuid,
	"provider_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"handled_at" timestamp with time zone,
	CONSTRAINT "inbound_messages_lane_id_pk" PRIMARY KEY("lane","id")
);
--> statement-breakpoint
CREATE TABLE "access_links" (
	"token_hash" "bytea" PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"user_id" uuid NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"public_part" text NOT NULL,
	"secret_hash" "bytea" NOT NULL,
	"scopes" text[] NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_keys_public_part_unique" UNIQUE("public_part")
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"type" text NOT NULL,
	"subject" text,
	"data" text NOT NULL,
	"entry_lane" integer NOT NULL,
	"entry_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth_sessions" (
	"sid_hash" "bytea" PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"user_agent" text,
	"revoked_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sign_in_failures" (
	"key" "bytea" PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"first_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"roles" text[] NOT NULL,
	"locale" text DEFAULT 'es' NOT NULL,
	"region" text DEFAULT 'es-ES' NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"disabled_at" timestamp with time zone,
	CONSTRAINT "users_roles" CHECK ("users"."roles" <@ array['owner','admin','marketer','approver','compliance','executive']::text[] and cardinality("users"."roles") > 0)
);
--> statement-breakpoint
CREATE TABLE "import_chunks" (
	"import_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"sealed" "bytea" NOT NULL,
	CONSTRAINT "import_chunks_import_id_position_pk" PRIMARY KEY("import_id","position")
);
--> statement-breakpoint
CREATE TABLE "import_rejections" (
	"import_id" uuid NOT NULL,
	"row_number" integer NOT NULL,
	"code" text NOT NULL,
	"sealed" "bytea" NOT NULL,
	CONSTRAINT "import_rejections_import_id_row_number_code_pk" PRIMARY KEY("import_id","row_number","code")
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"purpose_id" uuid,
	"file_name" text NOT NULL,
	"file_sha256" "bytea" NOT NULL,
	"byte_count" bigint NOT NULL,
	"status" text NOT NULL,
	"format" jsonb NOT NULL,
	"mapping" jsonb NOT NULL,
	"counts" jsonb NOT NULL,
	"rows_read" integer DEFAULT 0 NOT NULL,
	"rows_total" integer DEFAULT 0 NOT NULL,
	"error_code" text,
	"error_params" jsonb,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"decided_by" uuid,
	"decided_at" timestamp with time zone,
	"completed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "app_clock" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"anchor_real" timestamp with time zone NOT NULL,
	"anchor_app" timestamp with time zone NOT NULL,
	"speed" double precision DEFAULT 1 NOT NULL,
	CONSTRAINT "app_clock_is_one_row" CHECK ("app_clock"."id"),
	CONSTRAINT "app_clock_speed" CHECK ("app_clock"."speed" between 0 and 1000000)
);
--> statement-breakpoint
CREATE TABLE "installation" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"mode" text NOT NULL,
	"name" text NOT NULL,
	"time_zone" text DEFAULT 'Europe/Madrid' NOT NULL,
	"currency" text DEFAULT 'EUR' NOT NULL,
	"country" text DEFAULT 'ES' NOT NULL,
	"solo_mode" boolean DEFAULT false NOT NULL,
	"log_verifier_key" text,
	"instance_epoch" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "installation_is_one_row" CHECK ("installation"."id"),
	CONSTRAINT "installation_mode" CHECK ("installation"."mode" in ('sandbox','live'))
);
--> statement-breakpoint
CREATE TABLE "parked_statuses" (
	"lane" smallint NOT NULL,
	"wamid_hash" "bytea" NOT NULL,
	"status" text NOT NULL,
	"item" jsonb NOT NULL,
	"parked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "parked_statuses_lane_wamid_hash_status_pk" PRIMARY KEY("lane","wamid_hash","status")
);
--> statement-breakpoint
CREATE TABLE "webhook_dead_items" (
	"lane" smallint NOT NULL,
	"inbox_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"error" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"resolved_at" timestamp with time zone,
	CONSTRAINT "webhook_dead_items_lane_inbox_id_position_pk" PRIMARY KEY("lane","inbox_id","position")
);
--> statement-breakpoint
CREATE TABLE "webhook_inbox" (
	"lane" smallint NOT NULL,
	"id" uuid NOT NULL,
	"sha256" "bytea" NOT NULL,
	"raw_sealed" "bytea",
	"key_id" uuid NOT NULL,
	"status" text NOT NULL,
	"item_count" integer,
	"attempts" integer DEFAULT 0 NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"processed_at" timestamp with time zone,
	CONSTRAINT "webhook_inbox_lane_id_pk" PRIMARY KEY("lane","id")
);
--> statement-breakpoint
CREATE TABLE "webhook_unknowns" (
	"field" text PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"last_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "log_batch_items" (
	"lane" smallint NOT NULL,
	"entry_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"item_id" uuid NOT NULL,
	"leaf_hash" "bytea" NOT NULL,
	CONSTRAINT "log_batch_items_lane_entry_id_position_pk" PRIMARY KEY("lane","entry_id","position")
);
--> statement-breakpoint
CREATE TABLE "log_checkpoints" (
	"size" bigint PRIMARY KEY NOT NULL,
	"root" "bytea" NOT NULL,
	"note" text NOT NULL,
	"signed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "log_entries" (
	"lane" smallint NOT NULL,
	"id" uuid NOT NULL,
	"type" text NOT NULL,
	"leaf" "bytea" NOT NULL,
	"leaf_hash" "bytea" NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "log_entries_lane_id_pk" PRIMARY KEY("lane","id"),
	CONSTRAINT "log_entries_lane" CHECK ("log_entries"."lane" between 0 and 63),
	CONSTRAINT "log_entries_hash" CHECK (octet_length("log_entries"."leaf_hash") = 32)
);
--> statement-breakpoint
CREATE TABLE "log_payloads" (
	"lane" smallint NOT NULL,
	"row_id" uuid NOT NULL,
	"subject" uuid,
	"ciphertext" "bytea" NOT NULL,
	CONSTRAINT "log_payloads_lane_row_id_pk" PRIMARY KEY("lane","row_id")
);
--> statement-breakpoint
CREATE TABLE "log_pending" (
	"lane" smallint NOT NULL,
	"entry_id" uuid NOT NULL,
	CONSTRAINT "log_pending_lane_entry_id_pk" PRIMARY KEY("lane","entry_id")
);
--> statement-breakpoint
CREATE TABLE "log_sequence" (
	"idx" bigint PRIMARY KEY NOT NULL,
	"lane" smallint NOT NULL,
	"entry_id" uuid NOT NULL,
	"leaf_hash" "bytea" NOT NULL,
	CONSTRAINT "log_sequence_entry_id_unique" UNIQUE("entry_id")
);
--> statement-breakpoint
CREATE TABLE "log_tiles" (
	"level" smallint NOT NULL,
	"n" bigint NOT NULL,
	"data" "bytea" NOT NULL,
	"root" "bytea" NOT NULL,
	CONSTRAINT "log_tiles_level_n_pk" PRIMARY KEY("level","n"),
	CONSTRAINT "log_tiles_full" CHECK (octet_length("log_tiles"."data") = 8192 and octet_length("log_tiles"."root") = 32)
);
--> statement-breakpoint
CREATE TABLE "brands" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"controller" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "kill_switches" (
	"id" uuid PRIMARY KEY NOT NULL,
	"level" text NOT NULL,
	"target_id" uuid,
	"reason" text NOT NULL,
	"engaged_by" uuid,
	"engaged_at" timestamp with time zone NOT NULL,
	"released_at" timestamp with time zone,
	CONSTRAINT "kill_switches_target" CHECK (("kill_switches"."level" = 'installation') = ("kill_switches"."target_id" is null))
);
--> statement-breakpoint
CREATE TABLE "phone_numbers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"waba_id" text NOT NULL,
	"phone_number_id" text NOT NULL,
	"display_number" text NOT NULL,
	"verified_name" text NOT NULL,
	"base_url" text NOT NULL,
	"api_version" text DEFAULT 'v25.0' NOT NULL,
	"token_sealed" "bytea" NOT NULL,
	"app_secret_sealed" "bytea" NOT NULL,
	"verify_token_hash" "bytea" NOT NULL,
	"status" text DEFAULT 'CONNECTED' NOT NULL,
	"quality_rating" text DEFAULT 'UNKNOWN' NOT NULL,
	"messaging_limit" text DEFAULT 'TIER_UNLIMITED' NOT NULL,
	"messages_per_second" integer DEFAULT 80 NOT NULL,
	"is_sandbox" boolean NOT NULL,
	"last_webhook_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "price_lists" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"source" text NOT NULL,
	"currency" text NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"is_invented" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "price_rates" (
	"list_id" uuid NOT NULL,
	"country" text NOT NULL,
	"category" text NOT NULL,
	"amount_micros" bigint NOT NULL,
	CONSTRAINT "price_rates_list_id_country_category_pk" PRIMARY KEY("list_id","country","category")
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"campaign_id" uuid PRIMARY KEY NOT NULL,
	"decision" text NOT NULL,
	"variant" text,
	"reason" text NOT NULL,
	"recommended" text NOT NULL,
	"decided_by" uuid NOT NULL,
	"decided_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "looks" (
	"campaign_id" uuid NOT NULL,
	"n" integer NOT NULL,
	"planned_at" timestamp with time zone NOT NULL,
	"taken_at" timestamp with time zone NOT NULL,
	"record" jsonb NOT NULL,
	"record_hash" text NOT NULL,
	"verdict" text NOT NULL,
	CONSTRAINT "looks_campaign_id_n_pk" PRIMARY KEY("campaign_id","n")
);
--> statement-breakpoint
CREATE TABLE "segments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"rule" jsonb NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"archived_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "attempt_outcomes" (
	"lane" smallint NOT NULL,
	"attempt_id" uuid NOT NULL,
	"n" smallint NOT NULL,
	"kind" text NOT NULL,
	"wamid" text,
	"code" integer,
	"reason" text,
	"at" timestamp with time zone NOT NULL,
	"entry_id" uuid NOT NULL,
	CONSTRAINT "attempt_outcomes_lane_attempt_id_n_pk" PRIMARY KEY("lane","attempt_id","n")
);
--> statement-breakpoint
CREATE TABLE "gate_refusals" (
	"lane" smallint NOT NULL,
	"message_id" uuid NOT NULL,
	"campaign_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"check_number" smallint NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"entry_id" uuid NOT NULL,
	CONSTRAINT "gate_refusals_lane_message_id_pk" PRIMARY KEY("lane","message_id")
);
--> statement-breakpoint
CREATE TABLE "message_contents" (
	"lane" smallint NOT NULL,
	"message_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"attempt_id" uuid NOT NULL,
	"components_sha256" "bytea" NOT NULL,
	"sealed" "bytea" NOT NULL,
	CONSTRAINT "message_contents_lane_message_id_attempt_id_pk" PRIMARY KEY("lane","message_id","attempt_id")
);
--> statement-breakpoint
CREATE TABLE "message_statuses" (
	"lane" smallint NOT NULL,
	"message_id" uuid NOT NULL,
	"status" text NOT NULL,
	"provider_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"error_code" integer,
	"detail" text,
	CONSTRAINT "message_statuses_lane_message_id_status_pk" PRIMARY KEY("lane","message_id","status")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"lane" smallint NOT NULL,
	"id" uuid NOT NULL,
	"campaign_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"variant" text NOT NULL,
	"template_id" uuid,
	"number_id" uuid,
	"purpose_id" uuid NOT NULL,
	"country" text,
	"state" text NOT NULL,
	"reason" text,
	"error_code" integer,
	"not_before" timestamp with time zone NOT NULL,
	"deadline_at" timestamp with time zone,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"link_code" "bytea",
	"attempt_id" uuid,
	"wamid" text,
	"planned_at" timestamp with time zone NOT NULL,
	"state_at" timestamp with time zone NOT NULL,
	"accepted_at" timestamp with time zone,
	"sent_at" timestamp with time zone,
	"delivered_at" timestamp with time zone,
	"read_at" timestamp with time zone,
	"failed_at" timestamp with time zone,
	"clicked_at" timestamp with time zone,
	"replied_at" timestamp with time zone,
	"opted_out_at" timestamp with time zone,
	"cost_micros" bigint,
	"cost_currency" text,
	"pricing_type" text,
	"pricing_category" text,
	CONSTRAINT "messages_lane_id_pk" PRIMARY KEY("lane","id"),
	CONSTRAINT "messages_lane" CHECK ("messages"."lane" = lane_of("messages"."contact_id")),
	CONSTRAINT "messages_state" CHECK ("messages"."state" in ('planned','queued','sending','accepted','sent','delivered','read','failed','rejected','skipped','held_out','cancelled','missed_deadline','no_status','unknown','unknown_final'))
);
--> statement-breakpoint
CREATE TABLE "number_tokens" (
	"number_id" uuid PRIMARY KEY NOT NULL,
	"available_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "send_attempts" (
	"lane" smallint NOT NULL,
	"id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"campaign_id" uuid NOT NULL,
	"n" smallint NOT NULL,
	"basis" text NOT NULL,
	"basis_event_id" uuid,
	"checks" integer NOT NULL,
	"not_evaluated" integer NOT NULL,
	"authorised_at" timestamp with time zone NOT NULL,
	"start_before" timestamp with time zone NOT NULL,
	"worker_id" uuid NOT NULL,
	"entry_id" uuid NOT NULL,
	CONSTRAINT "send_attempts_lane_id_pk" PRIMARY KEY("lane","id")
);
--> statement-breakpoint
CREATE TABLE "wamids" (
	"lane" smallint NOT NULL,
	"wamid_hash" "bytea" NOT NULL,
	"message_lane" smallint NOT NULL,
	"message_id" uuid NOT NULL,
	CONSTRAINT "wamids_lane_wamid_hash_pk" PRIMARY KEY("lane","wamid_hash")
);
--> statement-breakpoint
CREATE TABLE "worker_leases" (
	"worker_id" uuid PRIMARY KEY NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "template_versions" (
	"template_id" uuid NOT NULL,
	"components_sha256" "bytea" NOT NULL,
	"components" jsonb NOT NULL,
	"since" timestamp with time zone NOT NULL,
	CONSTRAINT "template_versions_template_id_components_sha256_pk" PRIMARY KEY("template_id","components_sha256")
);
--> statement-breakpoint
CREATE TABLE "templates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number_id" uuid NOT NULL,
	"waba_id" text NOT NULL,
	"meta_id" text,
	"name" text NOT NULL,
	"language" text NOT NULL,
	"category" text NOT NULL,
	"status" text NOT NULL,
	"quality" text DEFAULT 'UNKNOWN' NOT NULL,
	"rejected_reason" text,
	"parameter_format" text DEFAULT 'POSITIONAL' NOT NULL,
	"components" jsonb NOT NULL,
	"components_sha256" "bytea" NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"synced_at" timestamp with time zone,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "campaign_conversions" (
	"lane" smallint NOT NULL,
	"campaign_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"conversion_id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"variant" text NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"amount_micros" bigint NOT NULL,
	"currency" text NOT NULL,
	"via_click" boolean NOT NULL,
	CONSTRAINT "campaign_conversions_pk" PRIMARY KEY("lane","campaign_id","contact_id","conversion_id")
);
--> statement-breakpoint
CREATE TABLE "clicks" (
	"lane" smallint NOT NULL,
	"id" uuid NOT NULL,
	"message_id" uuid NOT NULL,
	"campaign_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"method" text NOT NULL,
	"user_agent" text,
	"is_human" boolean NOT NULL,
	"verdict" text NOT NULL,
	CONSTRAINT "clicks_lane_id_pk" PRIMARY KEY("lane","id")
);
--> statement-breakpoint
CREATE TABLE "conversions" (
	"lane" smallint NOT NULL,
	"id" uuid NOT NULL,
	"source" text NOT NULL,
	"order_id" text NOT NULL,
	"contact_id" uuid,
	"click_id" uuid,
	"click_lane" smallint,
	"lookups" "bytea"[] NOT NULL,
	"amount_micros" bigint NOT NULL,
	"currency" text NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"key_id" uuid,
	"attributed_at" timestamp with time zone,
	CONSTRAINT "conversions_lane_source_order_id_pk" PRIMARY KEY("lane","source","order_id")
);
--> statement-breakpoint
ALTER TABLE "contact_identifiers" ADD CONSTRAINT "contact_identifiers_lane_contact_id_contacts_lane_id_fk" FOREIGN KEY ("lane","contact_id") REFERENCES "public"."contacts"("lane","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_approvals" ADD CONSTRAINT "campaign_approvals_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_approvals" ADD CONSTRAINT "campaign_approvals_by_users_id_fk" FOREIGN KEY ("by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_exclusions" ADD CONSTRAINT "campaign_exclusions_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_history" ADD CONSTRAINT "campaign_history_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_planning" ADD CONSTRAINT "campaign_planning_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_plans" ADD CONSTRAINT "campaign_plans_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_variants" ADD CONSTRAINT "campaign_variants_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_variants" ADD CONSTRAINT "campaign_variants_template_id_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_number_id_phone_numbers_id_fk" FOREIGN KEY ("number_id") REFERENCES "public"."phone_numbers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_purpose_id_purposes_id_fk" FOREIGN KEY ("purpose_id") REFERENCES "public"."purposes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_segment_id_segments_id_fk" FOREIGN KEY ("segment_id") REFERENCES "public"."segments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_launched_by_users_id_fk" FOREIGN KEY ("launched_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consent_events" ADD CONSTRAINT "consent_events_purpose_id_purposes_id_fk" FOREIGN KEY ("purpose_id") REFERENCES "public"."purposes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consent_events" ADD CONSTRAINT "consent_events_wording_version_id_wording_versions_id_fk" FOREIGN KEY ("wording_version_id") REFERENCES "public"."wording_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consent_events" ADD CONSTRAINT "consent_events_lane_contact_id_contacts_lane_id_fk" FOREIGN KEY ("lane","contact_id") REFERENCES "public"."contacts"("lane","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consent_state" ADD CONSTRAINT "consent_state_purpose_id_purposes_id_fk" FOREIGN KEY ("purpose_id") REFERENCES "public"."purposes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consent_state" ADD CONSTRAINT "consent_state_wording_version_id_wording_versions_id_fk" FOREIGN KEY ("wording_version_id") REFERENCES "public"."wording_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consent_state" ADD CONSTRAINT "consent_state_lane_contact_id_contacts_lane_id_fk" FOREIGN KEY ("lane","contact_id") REFERENCES "public"."contacts"("lane","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_suppressions" ADD CONSTRAINT "contact_suppressions_lane_contact_id_contacts_lane_id_fk" FOREIGN KEY ("lane","contact_id") REFERENCES "public"."contacts"("lane","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purposes" ADD CONSTRAINT "purposes_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wording_versions" ADD CONSTRAINT "wording_versions_purpose_id_purposes_id_fk" FOREIGN KEY ("purpose_id") REFERENCES "public"."purposes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_links" ADD CONSTRAINT "access_links_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_links" ADD CONSTRAINT "access_links_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD CONSTRAINT "auth_sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_chunks" ADD CONSTRAINT "import_chunks_import_id_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."imports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_rejections" ADD CONSTRAINT "import_rejections_import_id_imports_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."imports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_purpose_id_purposes_id_fk" FOREIGN KEY ("purpose_id") REFERENCES "public"."purposes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_decided_by_users_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "kill_switches" ADD CONSTRAINT "kill_switches_engaged_by_users_id_fk" FOREIGN KEY ("engaged_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "phone_numbers" ADD CONSTRAINT "phone_numbers_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_rates" ADD CONSTRAINT "price_rates_list_id_price_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "public"."price_lists"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_decided_by_users_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "looks" ADD CONSTRAINT "looks_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "segments" ADD CONSTRAINT "segments_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_template_id_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_number_id_phone_numbers_id_fk" FOREIGN KEY ("number_id") REFERENCES "public"."phone_numbers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_lane_contact_id_contacts_lane_id_fk" FOREIGN KEY ("lane","contact_id") REFERENCES "public"."contacts"("lane","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "number_tokens" ADD CONSTRAINT "number_tokens_number_id_phone_numbers_id_fk" FOREIGN KEY ("number_id") REFERENCES "public"."phone_numbers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "template_versions" ADD CONSTRAINT "template_versions_template_id_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "templates" ADD CONSTRAINT "templates_number_id_phone_numbers_id_fk" FOREIGN KEY ("number_id") REFERENCES "public"."phone_numbers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "templates" ADD CONSTRAINT "templates_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "campaign_approvals_by_campaign" ON "campaign_approvals" USING btree ("campaign_id","at");--> statement-breakpoint
CREATE INDEX "campaign_history_by_campaign" ON "campaign_history" USING btree ("campaign_id","at");--> statement-breakpoint
CREATE INDEX "campaigns_by_status" ON "campaigns" USING btree ("status","updated_at");--> statement-breakpoint
CREATE INDEX "consent_events_by_contact" ON "consent_events" USING btree ("lane","contact_id","occurred_at");--> statement-breakpoint
CREATE INDEX "consent_events_by_time" ON "consent_events" USING btree ("lane","recorded_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "consent_events_idempotency" ON "consent_events" USING btree ("lane","idempotency_key");--> statement-breakpoint
CREATE INDEX "consent_state_by_status" ON "consent_state" USING btree ("lane","purpose_id","status");--> statement-breakpoint
CREATE UNIQUE INDEX "purposes_key" ON "purposes" USING btree ("brand_id","key");--> statement-breakpoint
CREATE UNIQUE INDEX "wording_versions_label" ON "wording_versions" USING btree ("purpose_id","label","language");--> statement-breakpoint
CREATE UNIQUE INDEX "inbound_messages_wamid" ON "inbound_messages" USING btree ("lane","wamid");--> statement-breakpoint
CREATE INDEX "inbound_messages_by_contact" ON "inbound_messages" USING btree ("lane","contact_id","provider_at");--> statement-breakpoint
CREATE INDEX "inbound_messages_by_time" ON "inbound_messages" USING btree ("lane","received_at");--> statement-breakpoint
CREATE INDEX "access_links_by_user" ON "access_links" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "audit_events_by_time" ON "audit_events" USING btree ("at");--> statement-breakpoint
CREATE INDEX "audit_events_by_subject" ON "audit_events" USING btree ("subject","at");--> statement-breakpoint
CREATE INDEX "auth_sessions_by_user" ON "auth_sessions" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_unique" ON "users" USING btree (lower("email"));--> statement-breakpoint
CREATE INDEX "imports_by_age" ON "imports" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_inbox_once" ON "webhook_inbox" USING btree ("lane","sha256");--> statement-breakpoint
CREATE INDEX "webhook_inbox_new" ON "webhook_inbox" USING btree ("lane","received_at","id") WHERE status = 'new';--> statement-breakpoint
CREATE INDEX "kill_switches_engaged" ON "kill_switches" USING btree ("level","target_id") WHERE "kill_switches"."released_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "phone_numbers_meta_id" ON "phone_numbers" USING btree ("phone_number_id");--> statement-breakpoint
CREATE INDEX "phone_numbers_by_waba" ON "phone_numbers" USING btree ("waba_id");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_one_per_person" ON "messages" USING btree ("lane","campaign_id","contact_id");--> statement-breakpoint
CREATE INDEX "messages_due" ON "messages" USING btree ("lane","not_before","id") WHERE state = 'queued';--> statement-breakpoint
CREATE INDEX "messages_in_flight" ON "messages" USING btree ("lane","id") WHERE state in ('sending','unknown');--> statement-breakpoint
CREATE INDEX "messages_silent" ON "messages" USING btree ("lane","state_at") WHERE state in ('accepted','sent','unknown');--> statement-breakpoint
CREATE INDEX "messages_by_deadline" ON "messages" USING btree ("lane","deadline_at") WHERE state in ('planned','queued') and deadline_at is not null;--> statement-breakpoint
CREATE INDEX "messages_by_contact" ON "messages" USING btree ("lane","contact_id","state_at");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_link_code" ON "messages" USING btree ("lane","link_code") WHERE link_code is not null;--> statement-breakpoint
CREATE INDEX "messages_by_campaign" ON "messages" USING btree ("campaign_id","state","variant");--> statement-breakpoint
CREATE INDEX "send_attempts_by_message" ON "send_attempts" USING btree ("lane","message_id");--> statement-breakpoint
CREATE INDEX "send_attempts_by_contact" ON "send_attempts" USING btree ("lane","contact_id","authorised_at");--> statement-breakpoint
CREATE UNIQUE INDEX "templates_name" ON "templates" USING btree ("waba_id","name","language");--> statement-breakpoint
CREATE INDEX "templates_meta_id" ON "templates" USING btree ("meta_id");--> statement-breakpoint
CREATE INDEX "campaign_conversions_by_campaign" ON "campaign_conversions" USING btree ("campaign_id","variant");--> statement-breakpoint
CREATE INDEX "clicks_by_message" ON "clicks" USING btree ("lane","message_id");--> statement-breakpoint
CREATE INDEX "conversions_unattributed" ON "conversions" USING btree ("lane","received_at") WHERE attributed_at is null;