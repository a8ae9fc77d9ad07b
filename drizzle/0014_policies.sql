CREATE TABLE "policy_countries" (
	"version_id" uuid NOT NULL,
	"country" text NOT NULL,
	"closes_on_holidays" boolean NOT NULL,
	"per_day" smallint NOT NULL,
	"per_week" smallint NOT NULL,
	"blocked_categories" text[] NOT NULL,
	"consent_age" smallint,
	CONSTRAINT "policy_countries_version_id_country_pk" PRIMARY KEY("version_id","country")
);
--> statement-breakpoint
CREATE TABLE "policy_holidays" (
	"version_id" uuid NOT NULL,
	"country" text NOT NULL,
	"day" date NOT NULL,
	CONSTRAINT "policy_holidays_version_id_country_day_pk" PRIMARY KEY("version_id","country","day")
);
--> statement-breakpoint
CREATE TABLE "policy_versions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" integer NOT NULL,
	"rules" jsonb NOT NULL,
	"note" text NOT NULL,
	"proposed_by" uuid,
	"proposed_at" timestamp with time zone NOT NULL,
	"effective_at" timestamp with time zone NOT NULL,
	"decision" text,
	"decided_by" uuid,
	"decided_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "policy_windows" (
	"version_id" uuid NOT NULL,
	"country" text NOT NULL,
	"weekday" smallint NOT NULL,
	"opens" time NOT NULL,
	"closes" time NOT NULL,
	CONSTRAINT "policy_windows_version_id_country_weekday_opens_pk" PRIMARY KEY("version_id","country","weekday","opens")
);
--> statement-breakpoint
CREATE TABLE "policy_zones" (
	"version_id" uuid NOT NULL,
	"country" text NOT NULL,
	"zone" text NOT NULL,
	CONSTRAINT "policy_zones_version_id_country_zone_pk" PRIMARY KEY("version_id","country","zone")
);
--> statement-breakpoint
CREATE TABLE "time_zone_names" (
	"name" text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "age_at_least" smallint;--> statement-breakpoint
ALTER TABLE "send_attempts" ADD COLUMN "policy_version_id" uuid;--> statement-breakpoint
ALTER TABLE "policy_countries" ADD CONSTRAINT "policy_countries_version_id_policy_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."policy_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_holidays" ADD CONSTRAINT "policy_holidays_version_id_policy_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."policy_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_proposed_by_users_id_fk" FOREIGN KEY ("proposed_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_decided_by_users_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_windows" ADD CONSTRAINT "policy_windows_version_id_country_policy_countries_version_id_country_fk" FOREIGN KEY ("version_id","country") REFERENCES "public"."policy_countries"("version_id","country") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_zones" ADD CONSTRAINT "policy_zones_version_id_policy_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."policy_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "policy_zones" ADD CONSTRAINT "policy_zones_zone_time_zone_names_name_fk" FOREIGN KEY ("zone") REFERENCES "public"."time_zone_names"("name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "policy_versions_number" ON "policy_versions" USING btree ("number");--> statement-breakpoint
CREATE INDEX "policy_versions_in_force" ON "policy_versions" USING btree ("decision","effective_at");