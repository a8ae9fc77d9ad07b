ALTER TABLE "purposes" ADD COLUMN "per_day" smallint;--> statement-breakpoint
ALTER TABLE "purposes" ADD COLUMN "per_week" smallint;--> statement-breakpoint
ALTER TABLE "purposes" ADD COLUMN "per_month" smallint;--> statement-breakpoint
ALTER TABLE "purposes" ADD COLUMN "spacing_hours" smallint;--> statement-breakpoint
ALTER TABLE "purposes" ADD COLUMN "unread_limit" smallint;--> statement-breakpoint
ALTER TABLE "purposes" ADD CONSTRAINT "purposes_caps" CHECK ("purposes"."per_day" > 0 and "purposes"."per_week" > 0 and "purposes"."per_month" > 0 and "purposes"."spacing_hours" between 1 and 720 and "purposes"."unread_limit" between 2 and 20);