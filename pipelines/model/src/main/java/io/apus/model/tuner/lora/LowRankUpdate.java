package io.apus.model.tuner.lora;

import io.apus.model.tuner.method.AdaptedProjection;

/** A projection with a low-rank update, whatever else it does. */
interface LowRankUpdate extends AdaptedProjection {
    LowRank update();
}
