CREATE TABLE "account_insights" (
	"waba_id" text PRIMARY KEY NOT NULL,
	"enabled_at" timestamp with time zone,
	"pulled_at" timestamp with time zone,
	"failure" text
);
--> statement-breakpoint
CREATE TABLE "media_assets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"file_name" text NOT NULL,
	"mime_type" text NOT NULL,
	"byte_size" integer NOT NULL,
	"sha256" "bytea" NOT NULL,
	"bytes" "bytea" NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "media_uploads" (
	"media_id" uuid NOT NULL,
	"number_id" uuid NOT NULL,
	"meta_id" text NOT NULL,
	"uploaded_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "media_uploads_media_id_number_id_pk" PRIMARY KEY("media_id","number_id")
);
--> statement-breakpoint
CREATE TABLE "pricing_analytics_days" (
	"waba_id" text NOT NULL,
	"day" date NOT NULL,
	"country" text NOT NULL,
	"pricing_type" text NOT NULL,
	"category" text NOT NULL,
	"tier" text NOT NULL,
	"pulled_at" timestamp with time zone NOT NULL,
	"volume" bigint NOT NULL,
	"cost_micros" bigint NOT NULL,
	CONSTRAINT "pricing_analytics_days_waba_id_day_country_pricing_type_category_tier_pulled_at_pk" PRIMARY KEY("waba_id","day","country","pricing_type","category","tier","pulled_at")
);
--> statement-breakpoint
CREATE TABLE "template_analytics_days" (
	"template_id" uuid NOT NULL,
	"product" text NOT NULL,
	"day" date NOT NULL,
	"pulled_at" timestamp with time zone NOT NULL,
	"sent" bigint NOT NULL,
	"delivered" bigint NOT NULL,
	"read" bigint NOT NULL,
	"clicked" jsonb NOT NULL,
	"spent_micros" bigint,
	CONSTRAINT "template_analytics_days_pk" PRIMARY KEY("template_id","product","day","pulled_at")
);
--> statement-breakpoint
CREATE TABLE "template_comparisons" (
	"template_id" uuid NOT NULL,
	"other_id" uuid NOT NULL,
	"window_days" integer NOT NULL,
	"pulled_at" timestamp with time zone NOT NULL,
	"less_blocked_id" uuid,
	"sends" bigint,
	"other_sends" bigint,
	"block_reason" text,
	"other_block_reason" text,
	CONSTRAINT "template_comparisons_pk" PRIMARY KEY("template_id","other_id","window_days","pulled_at")
);
--> statement-breakpoint
CREATE TABLE "template_drafts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"template_id" uuid,
	"content" jsonb NOT NULL,
	"refusal" jsonb,
	"created_by" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "template_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"template_id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"source" text NOT NULL,
	"was" text,
	"became" text,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"by" uuid
);
--> statement-breakpoint
ALTER TABLE "templates" ADD COLUMN "pause_title" text;--> statement-breakpoint
ALTER TABLE "templates" ADD COLUMN "next_category" text;--> statement-breakpoint
ALTER TABLE "templates" ADD COLUMN "next_category_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "templates" ADD COLUMN "disabled_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "templates" ADD COLUMN "ttl_seconds" integer;--> statement-breakpoint
ALTER TABLE "templates" ADD COLUMN "media" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "media_assets" ADD CONSTRAINT "media_assets_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "media_uploads" ADD CONSTRAINT "media_uploads_media_id_media_assets_id_fk" FOREIGN KEY ("media_id") REFERENCES "public"."media_assets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "media_uploads" ADD CONSTRAINT "media_uploads_number_id_phone_numbers_id_fk" FOREIGN KEY ("number_id") REFERENCES "public"."phone_numbers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "template_analytics_days" ADD CONSTRAINT "template_analytics_days_template_id_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "template_comparisons" ADD CONSTRAINT "template_comparisons_template_id_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "template_comparisons" ADD CONSTRAINT "template_comparisons_other_id_templates_id_fk" FOREIGN KEY ("other_id") REFERENCES "public"."templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "template_comparisons" ADD CONSTRAINT "template_comparisons_less_blocked_id_templates_id_fk" FOREIGN KEY ("less_blocked_id") REFERENCES "public"."templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "template_drafts" ADD CONSTRAINT "template_drafts_template_id_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "template_drafts" ADD CONSTRAINT "template_drafts_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "template_events" ADD CONSTRAINT "template_events_template_id_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "template_events" ADD CONSTRAINT "template_events_by_users_id_fk" FOREIGN KEY ("by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "media_assets_sha256" ON "media_assets" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "template_drafts_by_time" ON "template_drafts" USING btree ("updated_at");--> statement-breakpoint
CREATE INDEX "template_events_of" ON "template_events" USING btree ("template_id","at","id");