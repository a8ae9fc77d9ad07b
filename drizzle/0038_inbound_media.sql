CREATE TABLE "inbound_media" (
	"lane" smallint NOT NULL,
	"message_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"number_id" uuid NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"tries" smallint DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"mime_type" text,
	"byte_size" integer,
	"sealed" "bytea",
	"ended_at" timestamp with time zone,
	CONSTRAINT "inbound_media_lane_message_id_pk" PRIMARY KEY("lane","message_id")
);
--> statement-breakpoint
CREATE INDEX "inbound_media_waiting" ON "inbound_media" USING btree ("next_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "inbound_media_by_contact" ON "inbound_media" USING btree ("lane","contact_id");--> statement-breakpoint
CREATE INDEX "inbound_media_by_time" ON "inbound_media" USING btree ("received_at");