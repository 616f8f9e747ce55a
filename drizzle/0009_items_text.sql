ALTER TABLE "recommendation_items" ALTER COLUMN "document" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "recommendation_runs" ADD COLUMN "items" text;