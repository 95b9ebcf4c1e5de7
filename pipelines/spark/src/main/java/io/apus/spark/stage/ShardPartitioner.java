package io.apus.spark.stage;

import org.apache.spark.Partitioner;

/** Sends every sample to the task that writes its shard. */
final class ShardPartitioner extends Partitioner {
    private static final long serialVersionUID = 1L;

    private final RowPlan plan;

    ShardPartitioner(RowPlan plan) {
        this.plan = plan;
    }

    @Override
    public int numPartitions() {
        return plan.shards();
    }

    @Override
    public int getPartition(Object place) {
        return plan.shardOf(RowPlan.row((Long) place));
    }
}
