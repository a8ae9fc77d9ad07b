CREATE TABLE "campaign_waves" (
	"campaign_id" uuid NOT NULL,
	"lane" smallint NOT NULL,
	"send_at" timestamp with time zone NOT NULL,
	"country" text NOT NULL,
	"zone" text NOT NULL,
	"people" integer NOT NULL,
	"held_out" integer NOT NULL,
	CONSTRAINT "campaign_waves_campaign_id_lane_send_at_country_zone_pk" PRIMARY KEY("campaign_id","lane","send_at","country","zone")
);
--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "schedule" jsonb DEFAULT '{"timing":{"kind":"moment"},"hours":null,"perDay":null,"lateMinutes":60}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "late_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "late_accepted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "campaign_waves" ADD CONSTRAINT "campaign_waves_campaign_id_campaigns_id_fk" FOREIGN KEY ("campaign_id") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;