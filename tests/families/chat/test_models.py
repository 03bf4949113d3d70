"""What a model makes is guessed from whole words of its id."""

import pytest

from comet_magic.families.chat.models import made_by
from comet_magic.media.medium import Medium

IMAGES = """
    google/gemini-3-pro-image gemini-2.5-flash-image-preview gemini-3.0-pro-image-landscape
    gemini-nano-banana-2.1 nano-banana-2 fal-ai/nano-banana/edit imagen-4 imagen3
    google/imagen-4-ultra vertex_ai/imagegeneration@006 gpt-4o-image gpt-4o-image-vip
    GPT-4o-IMAGE gpt-4o-image-preview gpt-image-1 gpt-image-2-all chatgpt-image-latest
    openai/gpt-5-image-mini dall-e-3 dalle3 sora_image black-forest-labs/flux-1.1-pro FLUX.2-pro
    flux1-dev flux-kontext-max flux qwen-image-edit qwen-image-2509 z-image-turbo
    wan2.2-t2i-flash wanx2.1-t2i-turbo kling-image-o1 minimax/image-01
    doubao-seedream-4-0-250828 seededit-3.0 jimeng jimeng_t2i_v31 grok-imagine-1.0
    grok-2-image-1212 mj_imagine mj-chat midjourney-v7 niji-6 ideogram-v3 recraftv3 recraft-v3
    sdxl sd3.5-large sd_xl_base stable-diffusion-xl-1024-v1-0 stable-image-ultra playground-v2.5
    cogview-4 kolors hidream-i1-full gen4_image amazon.titan-image-generator-v1
    amazon.nova-canvas-v1:0 luma/photon-flash-1 demo-unstable demo-error-500-safety
"""
VIDEOS = """
    sora-2-pro sora_video2 sora2 sora:1-480p-5s veo3-fast veo_3_1-fast google/veo-3 veo3.1-pro
    wan2.5-t2v wan-2.1 wan2.1-i2v-14b alibaba/wan-2.5 kling-v2-1-master kling_video kling1.6
    kwaivgi/kling-v2.1 fal-ai/kling-video/v2/master/image-to-video minimax-hailuo-02
    MiniMax-Hailuo-2.3 T2V-01-Director minimax-t2v-01 minimax/video-01 luma/ray-2 luma_video_api
    runway-gen3 gen3a_turbo gen4_turbo pika-2.2 vidu-q1 viduq2 doubao-seedance-1-0-pro-250528
    cogvideox-3 hunyuan-video jimeng-video-3.0 grok-imagine-video grok-video-3 pixverse-v5
    stable-video-diffusion amazon.nova-reel-v1:0
"""
TEXTS = """
    individual-assistant sparkling sparkling-7b luminous-base development wander-7b fluxion
    influx-chat imagenet-classifier reimagine-writer imagination-7b soranet soraya-7b
    pikachu-chat veolia-chat klingon-7b taiwan-llm-13b swan-7b obi-wan-7b x-ray-2 codegen2-7b
    codegen3 mjolnir-70b ramjet recrafted-7b videographer-assistant my-demo-chat democracy-bot
    seedling-7b image-captioner image-classifier image-embedding image-to-text
    gpt-4-vision-preview qwen-vl-max video-llava-7b video-understanding video-summarizer
    mj_describe flux-prompt-enhance midjourney-prompt-generator gpt-4o-mini gpt-4o-all
    claude-sonnet-4-5 gemini-2.5-flash grok-4 minimax-m2 nova-pro stablelm-zephyr never-heard-of
"""


@pytest.mark.parametrize(
    ("models", "medium"),
    [(IMAGES, Medium.IMAGE), (VIDEOS, Medium.VIDEO), (TEXTS, Medium.TEXT)],
    ids=["image", "video", "text"],
)
def test_ids_of_real_models_and_their_lookalikes(models: str, medium: Medium) -> None:
    """A word counts, also with a version behind it; a part of a longer word does not."""
    assert [model for model in models.split() if made_by(model) is not medium] == []
