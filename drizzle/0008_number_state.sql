CREATE TABLE "account_calls" (
	"waba_id" text PRIMARY KEY NOT NULL,
	"calls_after" timestamp with time zone NOT NULL,
	"holds" smallint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "number_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"waba_id" text NOT NULL,
	"number_id" uuid,
	"kind" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"summary" jsonb NOT NULL,
	"fingerprint" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "portfolio_leases" (
	"id" uuid PRIMARY KEY NOT NULL,
	"portfolio" text NOT NULL,
	"people" integer NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "portfolio_recipients" (
	"lane" smallint NOT NULL,
	"portfolio" text NOT NULL,
	"contact_id" uuid NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "portfolio_recipients_lane_portfolio_contact_id_pk" PRIMARY KEY("lane","portfolio","contact_id")
);
--> statement-breakpoint
CREATE TABLE "portfolio_usage" (
	"portfolio" text PRIMARY KEY NOT NULL,
	"used" integer NOT NULL,
	"counted_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "kill_switches" ADD COLUMN "cause" text;--> statement-breakpoint
ALTER TABLE "kill_switches" ADD COLUMN "release_reason" text;--> statement-breakpoint
ALTER TABLE "kill_switches" ADD COLUMN "release_asked_by" uuid;--> statement-breakpoint
ALTER TABLE "kill_switches" ADD COLUMN "release_asked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "kill_switches" ADD COLUMN "released_by" uuid;--> statement-breakpoint
ALTER TABLE "phone_numbers" ADD COLUMN "throughput_level" text DEFAULT 'STANDARD' NOT NULL;--> statement-breakpoint
ALTER TABLE "phone_numbers" ADD COLUMN "app_id" text;--> statement-breakpoint
ALTER TABLE "phone_numbers" ADD COLUMN "portfolio_id" text;--> statement-breakpoint
ALTER TABLE "phone_numbers" ADD COLUMN "endpoint" text DEFAULT 'messages' NOT NULL;--> statement-breakpoint
ALTER TABLE "phone_numbers" ADD COLUMN "product_policy" text DEFAULT 'CLOUD_API_FALLBACK' NOT NULL;--> statement-breakpoint
ALTER TABLE "phone_numbers" ADD COLUMN "name_status" text DEFAULT 'UNKNOWN' NOT NULL;--> statement-breakpoint
ALTER TABLE "phone_numbers" ADD COLUMN "username" text;--> statement-breakpoint
ALTER TABLE "phone_numbers" ADD COLUMN "health" text DEFAULT 'unchecked' NOT NULL;--> statement-breakpoint
ALTER TABLE "phone_numbers" ADD COLUMN "checked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "phone_numbers" ADD COLUMN "webhook_refused_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "number_tokens" ADD COLUMN "rate_factor" double precision DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "number_tokens" ADD COLUMN "lowered_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "number_tokens" ADD COLUMN "hold_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "number_tokens" ADD COLUMN "hold_code" integer;--> statement-breakpoint
ALTER TABLE "number_tokens" ADD COLUMN "holds" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "number_events" ADD CONSTRAINT "number_events_number_id_phone_numbers_id_fk" FOREIGN KEY ("number_id") REFERENCES "public"."phone_numbers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "number_events_once" ON "number_events" USING btree ("fingerprint");--> statement-breakpoint
CREATE INDEX "number_events_by_time" ON "number_events" USING btree ("waba_id","at");--> statement-breakpoint
CREATE INDEX "portfolio_leases_by_portfolio" ON "portfolio_leases" USING btree ("portfolio");--> statement-breakpoint
CREATE INDEX "portfolio_recipients_by_time" ON "portfolio_recipients" USING btree ("portfolio","last_at");--> statement-breakpoint
ALTER TABLE "kill_switches" ADD CONSTRAINT "kill_switches_release_asked_by_users_id_fk" FOREIGN KEY ("release_asked_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "kill_switches" ADD CONSTRAINT "kill_switches_released_by_users_id_fk" FOREIGN KEY ("released_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;