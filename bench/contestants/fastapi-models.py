"""
FastAPI + redis.asyncio + pydantic, no GraphQL: the document out of Redis into models, and from models into the answer.
What has a default is not asked for in the short shape.
"""

import asyncio
import json
import os
import signal
import socket
from typing import Dict, List, Optional

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from redis.asyncio import Redis

PREFIX = os.environ["BENCH_DOCUMENT_PREFIX"]


class Citation(BaseModel):
    title: str
    source: str
    excerpt: str


class ExpertExplanation(BaseModel):
    text: str
    confidence: float
    model: str
    generatedAt: str
    citations: List[Citation]


class ScoreComponent(BaseModel):
    name: str
    points: float
    maxPoints: float


class MatchReason(BaseModel):
    code: str
    message: str
    points: Optional[float]


class QualityCheck(BaseModel):
    code: str
    passed: bool
    message: str


class OfferSummary(BaseModel):
    id: str
    merchant: str
    url: str
    currency: str


class PricedOffer(BaseModel):
    currentPrice: Optional[int]
    averagePrice: Optional[int]
    deltaPercent: Optional[float]
    isNewLow: bool
    offer: OfferSummary


class Offer(OfferSummary):
    affiliateUrl: Optional[str]
    sellerName: Optional[str]
    currentPrice: Optional[int]
    isPrimary: bool


class Nutrition(BaseModel):
    proteinPct: Optional[float]
    fatPct: Optional[float]
    fiberPct: Optional[float]
    moisturePct: Optional[float]
    ashPct: Optional[float]
    calciumPct: Optional[float]
    phosphorusPct: Optional[float]
    kcalPer100g: Optional[float]


class Product(BaseModel):
    id: str
    brandName: str
    productName: str
    sizeLabel: Optional[str]
    species: Optional[str]
    form: str
    lifeStage: Optional[str]
    isActive: bool
    ingredientsText: Optional[str]
    allergens: List[str]
    claims: List[str]
    pricePerKg: Optional[int]
    nutrition: Nutrition
    offers: Optional[List[Offer]] = None


class Item(BaseModel):
    rank: int
    matchScore: float
    safetyScore: float
    fitnessScore: float
    confidenceScore: float
    dailyAmountG: Optional[float]
    monthlyCost: Optional[int]
    safetyBadges: List[str]
    technicalExplanation: Optional[str] = None
    animationExplanation: Optional[str]
    expertExplanation: Optional[ExpertExplanation]
    mainIngredients: List[str]
    allergyIngredients: List[str]
    harmfulIngredients: List[str]
    ingredientCount: Optional[int]
    scoreComponents: Optional[List[ScoreComponent]] = None
    matchReasons: Optional[List[MatchReason]] = None
    qualityChecklist: Optional[List[QualityCheck]] = None
    offer: Optional[PricedOffer]
    product: Product


class Recommendations(BaseModel):
    petId: str
    runId: Optional[str]
    source: str
    isCached: bool
    strategy: str
    lastRecommendedAt: Optional[str]
    expiresAt: Optional[str]
    emptyReason: Optional[str]
    message: Optional[str]
    items: List[Item]


class Asked(BaseModel):
    variables: Dict[str, object]


class Answer(BaseModel):
    data: Dict[str, Optional[Recommendations]]


app = FastAPI()
redis = Redis.from_url(os.environ["BENCH_REDIS_URL"])


@app.post("/graphql", response_model=Answer, response_model_exclude_unset=True)
async def recommendations(asked: Asked) -> Answer:
    text = await redis.get(PREFIX + str(asked.variables["petId"]))
    document = None if text is None else Recommendations(**json.loads(text))
    return Answer(data={"recommendations": document})


async def main() -> None:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    serving = asyncio.ensure_future(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    print(f"LISTENING {listening.getsockname()[1]}", flush=True)
    await serving


# It keeps nothing of its own: whoever asks how often it went past that is told never.
signal.signal(signal.SIGUSR2, lambda *_: print("LOADS 0", flush=True))
asyncio.run(main())
