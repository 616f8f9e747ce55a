CREATE TYPE "public"."allergen" AS ENUM('BEEF', 'CHICKEN', 'TURKEY', 'DUCK', 'PORK', 'LAMB', 'FISH', 'EGG', 'DAIRY', 'WHEAT', 'CORN', 'SOY', 'RICE', 'POTATO', 'PEA');--> statement-breakpoint
CREATE TYPE "public"."empty_reason" AS ENUM('NO_PRODUCTS', 'NO_SPECIES_MATCH', 'ALL_UNSAFE', 'OVER_BUDGET', 'NO_MATCH');--> statement-breakpoint
CREATE TYPE "public"."health_concern" AS ENUM('OBESITY', 'DIABETES', 'SKIN_ALLERGY', 'SKIN_COAT', 'JOINT', 'DIGESTIVE', 'URINARY', 'KIDNEY', 'HEART', 'DENTAL', 'IMMUNE', 'EYE', 'RESPIRATORY');--> statement-breakpoint
CREATE TYPE "public"."life_stage" AS ENUM('PUPPY', 'ADULT', 'SENIOR', 'ALL');--> statement-breakpoint
CREATE TYPE "public"."merchant" AS ENUM('COUPANG', 'NAVER', 'BRAND', 'OTHER');--> statement-breakpoint
CREATE TYPE "public"."product_form" AS ENUM('DRY', 'WET', 'RAW', 'TREAT', 'OTHER');--> statement-breakpoint
CREATE TYPE "public"."sex" AS ENUM('MALE', 'FEMALE', 'UNKNOWN');--> statement-breakpoint
CREATE TYPE "public"."sort_preference" AS ENUM('DEFAULT', 'PRICE_ASC');--> statement-breakpoint
CREATE TYPE "public"."species" AS ENUM('DOG', 'CAT');--> statement-breakpoint
CREATE TYPE "public"."recommendation_strategy" AS ENUM('RULE_V1', 'RULE_V2', 'ML_V1');--> statement-breakpoint
CREATE TYPE "public"."weights_preset" AS ENUM('SAFE', 'BALANCED', 'VALUE');--> statement-breakpoint
CREATE TABLE "admin_audit" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "admin_audit_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"admin_id" uuid NOT NULL,
	"action" text NOT NULL,
	"pet_id" uuid,
	"product_id" uuid,
	"request_id" text NOT NULL,
	"outcome" text DEFAULT 'started' NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "cache_epoch" (
	"only_row" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"epoch" bigint NOT NULL,
	"lineage" uuid DEFAULT gen_random_uuid() NOT NULL,
	"home" text
);
--> statement-breakpoint
CREATE TABLE "cache_invalidations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "cache_invalidations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"pet_id" uuid,
	"product_id" uuid,
	"version" bigint,
	"owner_id" uuid,
	"epoch" bigint,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	"txid" "xid8" DEFAULT pg_current_xact_id() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pet_food_allergies" (
	"pet_id" uuid NOT NULL,
	"allergen" "allergen" NOT NULL,
	CONSTRAINT "pet_food_allergies_pet_id_allergen_pk" PRIMARY KEY("pet_id","allergen")
);
--> statement-breakpoint
CREATE TABLE "pet_health_concerns" (
	"pet_id" uuid NOT NULL,
	"concern" "health_concern" NOT NULL,
	CONSTRAINT "pet_health_concerns_pet_id_concern_pk" PRIMARY KEY("pet_id","concern")
);
--> statement-breakpoint
CREATE TABLE "pets" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"species" "species" NOT NULL,
	"breed_code" text,
	"sex" "sex" DEFAULT 'UNKNOWN' NOT NULL,
	"is_neutered" boolean,
	"birthdate" date,
	"approx_age_months" smallint,
	"approx_age_recorded_on" date,
	"weight_kg" double precision NOT NULL,
	"body_condition_score" smallint DEFAULT 5 NOT NULL,
	"other_allergies" text,
	"photo_url" text,
	"is_primary" boolean DEFAULT false NOT NULL,
	"recommendation_version" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "pets_weight" CHECK ("pets"."weight_kg" between 0.1 and 150),
	CONSTRAINT "pets_body_condition" CHECK ("pets"."body_condition_score" between 1 and 9),
	CONSTRAINT "pets_one_age" CHECK (num_nonnulls("pets"."birthdate", "pets"."approx_age_months") = 1),
	CONSTRAINT "pets_approx_age_recorded" CHECK (("pets"."approx_age_months" is null) = ("pets"."approx_age_recorded_on" is null))
);
--> statement-breakpoint
CREATE TABLE "catalogue_state" (
	"only_row" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"version" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "offers" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"product_id" uuid NOT NULL,
	"merchant" "merchant" NOT NULL,
	"url" text NOT NULL,
	"affiliate_url" text,
	"seller_name" text,
	"current_price" integer,
	"currency" text NOT NULL,
	"price_per_kg" double precision,
	"is_primary" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "price_snapshots" (
	"offer_id" uuid NOT NULL,
	"observed_on" date NOT NULL,
	"price" integer NOT NULL,
	CONSTRAINT "price_snapshots_offer_id_observed_on_pk" PRIMARY KEY("offer_id","observed_on")
);
--> statement-breakpoint
CREATE TABLE "price_summaries" (
	"offer_id" uuid PRIMARY KEY NOT NULL,
	"average_price" integer NOT NULL,
	"lowest_price" integer NOT NULL,
	"snapshot_count" integer NOT NULL,
	"newest_on" date NOT NULL
);
--> statement-breakpoint
CREATE TABLE "products" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"source" text NOT NULL,
	"source_id" text NOT NULL,
	"brand_name" text NOT NULL,
	"product_name" text NOT NULL,
	"size_label" text,
	"species" "species",
	"form" "product_form" NOT NULL,
	"life_stage" "life_stage",
	"is_active" boolean DEFAULT true NOT NULL,
	"market" text,
	"ingredients_text" text,
	"protein_pct" double precision,
	"fat_pct" double precision,
	"fiber_pct" double precision,
	"moisture_pct" double precision,
	"ash_pct" double precision,
	"calcium_pct" double precision,
	"phosphorus_pct" double precision,
	"kcal_per_100g" double precision,
	"claims" text[] NOT NULL,
	"breed_size_label" text,
	"allergens" "allergen"[] NOT NULL,
	"features" jsonb NOT NULL,
	"overrides" jsonb,
	"content_hash" text NOT NULL,
	"revision" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recommendation_items" (
	"run_id" uuid NOT NULL,
	"rank" smallint NOT NULL,
	"product_id" uuid NOT NULL,
	"document" jsonb,
	CONSTRAINT "recommendation_items_run_id_rank_pk" PRIMARY KEY("run_id","rank")
);
--> statement-breakpoint
CREATE TABLE "recommendation_runs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"pet_id" uuid NOT NULL,
	"conditions_hash" text DEFAULT '' NOT NULL,
	"version" bigint NOT NULL,
	"epoch" bigint NOT NULL,
	"strategy" "recommendation_strategy" NOT NULL,
	"strategy_version" integer NOT NULL,
	"format" smallint NOT NULL,
	"items" text,
	"empty_reason" "empty_reason",
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"superseded_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "deleted_users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"deleted_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recommendation_preferences" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"weights_preset" "weights_preset" NOT NULL,
	"hard_exclude_allergens" "allergen"[] NOT NULL,
	"soft_avoid_ingredients" text[] NOT NULL,
	"max_price_per_kg" integer,
	"sort_preference" "sort_preference" NOT NULL,
	"health_concern_priority" boolean NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"device_uid" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_device_uid_unique" UNIQUE("device_uid")
);
--> statement-breakpoint
ALTER TABLE "pet_food_allergies" ADD CONSTRAINT "pet_food_allergies_pet_id_pets_id_fk" FOREIGN KEY ("pet_id") REFERENCES "public"."pets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pet_health_concerns" ADD CONSTRAINT "pet_health_concerns_pet_id_pets_id_fk" FOREIGN KEY ("pet_id") REFERENCES "public"."pets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pets" ADD CONSTRAINT "pets_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "offers" ADD CONSTRAINT "offers_product_id_products_id_fk" FOREIGN KEY ("product_id") REFERENCES "public"."products"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_snapshots" ADD CONSTRAINT "price_snapshots_offer_id_offers_id_fk" FOREIGN KEY ("offer_id") REFERENCES "public"."offers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "price_summaries" ADD CONSTRAINT "price_summaries_offer_id_offers_id_fk" FOREIGN KEY ("offer_id") REFERENCES "public"."offers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recommendation_items" ADD CONSTRAINT "recommendation_items_run_id_recommendation_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."recommendation_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recommendation_runs" ADD CONSTRAINT "recommendation_runs_pet_id_pets_id_fk" FOREIGN KEY ("pet_id") REFERENCES "public"."pets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recommendation_preferences" ADD CONSTRAINT "recommendation_preferences_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "invalidations_undelivered" ON "cache_invalidations" USING btree ("txid","id") WHERE "cache_invalidations"."delivered_at" is null;--> statement-breakpoint
CREATE INDEX "invalidations_undelivered_pet" ON "cache_invalidations" USING btree ("pet_id","version") WHERE "cache_invalidations"."delivered_at" is null;--> statement-breakpoint
CREATE INDEX "invalidations_undelivered_product" ON "cache_invalidations" USING btree ("product_id","version") WHERE "cache_invalidations"."delivered_at" is null and "cache_invalidations"."product_id" is not null;--> statement-breakpoint
CREATE INDEX "invalidations_undelivered_epoch" ON "cache_invalidations" USING btree ("epoch") WHERE "cache_invalidations"."delivered_at" is null and "cache_invalidations"."epoch" is not null;--> statement-breakpoint
CREATE INDEX "invalidations_delivered_at" ON "cache_invalidations" USING btree ("delivered_at","id") WHERE "cache_invalidations"."delivered_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "pets_user_name" ON "pets" USING btree ("user_id",lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "pets_one_primary" ON "pets" USING btree ("user_id") WHERE "pets"."is_primary";--> statement-breakpoint
CREATE INDEX "pets_user_created" ON "pets" USING btree ("user_id","created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "offers_product_url" ON "offers" USING btree ("product_id","url");--> statement-breakpoint
CREATE UNIQUE INDEX "offers_one_primary" ON "offers" USING btree ("product_id") WHERE "offers"."is_primary";--> statement-breakpoint
CREATE UNIQUE INDEX "products_source" ON "products" USING btree ("source","source_id");--> statement-breakpoint
CREATE INDEX "items_product" ON "recommendation_items" USING btree ("product_id","run_id");--> statement-breakpoint
CREATE UNIQUE INDEX "runs_one_current" ON "recommendation_runs" USING btree ("pet_id","conditions_hash","version","epoch","strategy","strategy_version","format") WHERE "recommendation_runs"."superseded_at" is null;--> statement-breakpoint
CREATE INDEX "runs_pet_newest" ON "recommendation_runs" USING btree ("pet_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "runs_epoch" ON "recommendation_runs" USING btree ("epoch");--> statement-breakpoint
CREATE INDEX "runs_empty" ON "recommendation_runs" USING btree ("pet_id") WHERE "recommendation_runs"."empty_reason" is not null and "recommendation_runs"."superseded_at" is null;