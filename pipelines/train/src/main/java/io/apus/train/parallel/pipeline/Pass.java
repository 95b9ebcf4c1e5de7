package io.apus.train.parallel.pipeline;

import io.apus.model.layer.TokenBatch;
import io.apus.model.training.HeadLoss;
import io.apus.model.training.RouterLoss;

/**
 * What a replica computes at a time.
 *
 * @param seed of what is random in it
 */
public record Pass(TokenBatch tokens, HeadLoss loss, RouterLoss routers, long seed) {}
