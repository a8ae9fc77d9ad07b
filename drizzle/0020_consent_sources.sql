CREATE TABLE "opt_in_answers" (
	"lane" smallint NOT NULL,
	"event_id" uuid NOT NULL,
	"form_id" uuid NOT NULL,
	"tag" text,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "opt_in_answers_lane_event_id_pk" PRIMARY KEY("lane","event_id")
);
--> statement-breakpoint
CREATE TABLE "opt_in_form_tags" (
	"form_id" uuid NOT NULL,
	"tag" text NOT NULL,
	"label" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "opt_in_form_tags_form_id_tag_pk" PRIMARY KEY("form_id","tag")
);
--> statement-breakpoint
CREATE TABLE "opt_in_forms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"purpose_id" uuid NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	CONSTRAINT "opt_in_forms_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "opt_in_keywords" (
	"id" uuid PRIMARY KEY NOT NULL,
	"brand_id" uuid NOT NULL,
	"purpose_id" uuid NOT NULL,
	"wording_version_id" uuid NOT NULL,
	"keyword" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"retired_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "rate_buckets" (
	"key" "bytea" PRIMARY KEY NOT NULL,
	"tokens" double precision NOT NULL,
	"taken_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "wording_versions" ADD COLUMN "notice" jsonb;--> statement-breakpoint
ALTER TABLE "wording_versions" ADD COLUMN "revoked_reason" text;--> statement-breakpoint
ALTER TABLE "opt_in_answers" ADD CONSTRAINT "opt_in_answers_form_id_opt_in_forms_id_fk" FOREIGN KEY ("form_id") REFERENCES "public"."opt_in_forms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opt_in_form_tags" ADD CONSTRAINT "opt_in_form_tags_form_id_opt_in_forms_id_fk" FOREIGN KEY ("form_id") REFERENCES "public"."opt_in_forms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opt_in_forms" ADD CONSTRAINT "opt_in_forms_purpose_id_purposes_id_fk" FOREIGN KEY ("purpose_id") REFERENCES "public"."purposes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opt_in_keywords" ADD CONSTRAINT "opt_in_keywords_brand_id_brands_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."brands"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opt_in_keywords" ADD CONSTRAINT "opt_in_keywords_purpose_id_purposes_id_fk" FOREIGN KEY ("purpose_id") REFERENCES "public"."purposes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opt_in_keywords" ADD CONSTRAINT "opt_in_keywords_wording_version_id_wording_versions_id_fk" FOREIGN KEY ("wording_version_id") REFERENCES "public"."wording_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "opt_in_answers_by_form" ON "opt_in_answers" USING btree ("lane","form_id");--> statement-breakpoint
CREATE UNIQUE INDEX "opt_in_keywords_one" ON "opt_in_keywords" USING btree ("brand_id","keyword") WHERE retired_at is null;--> statement-breakpoint
CREATE INDEX "rate_buckets_by_time" ON "rate_buckets" USING btree ("taken_at");