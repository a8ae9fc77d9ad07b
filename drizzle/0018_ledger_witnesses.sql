CREATE TABLE "log_audits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"asked_by" uuid,
	"asked_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"state" text NOT NULL,
	"cancel_asked_at" timestamp with time zone,
	"checked" bigint DEFAULT 0 NOT NULL,
	"size" bigint DEFAULT 0 NOT NULL,
	"problem_count" integer DEFAULT 0 NOT NULL,
	"result" jsonb,
	CONSTRAINT "log_audits_state" CHECK ("log_audits"."state" in ('waiting','running','intact','broken','cancelled','failed'))
);
--> statement-breakpoint
CREATE TABLE "log_cosignatures" (
	"size" bigint NOT NULL,
	"verifier_key" text NOT NULL,
	"line" text NOT NULL,
	"cosigned_at" timestamp with time zone NOT NULL,
	CONSTRAINT "log_cosignatures_size_verifier_key_pk" PRIMARY KEY("size","verifier_key")
);
--> statement-breakpoint
CREATE TABLE "log_keys" (
	"verifier_key" text PRIMARY KEY NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone
);
--> statement-breakpoint
CREATE UNIQUE INDEX "log_audits_one_at_a_time" ON "log_audits" USING btree ((true)) WHERE "log_audits"."ended_at" is null;