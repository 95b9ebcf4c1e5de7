package io.apus.spark.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StageWatchTest {
    @Test
    void aCancelledJobIsKnownByTheWordsOfSpark3AndOfSpark4() {
        assertThat(StageWatch.saysCancelled("Job 3 cancelled part of cancelled job group ranks-1"))
                .isTrue();
        assertThat(StageWatch.saysCancelled(
                        "[SPARK_JOB_CANCELLED] Job 3 cancelled because SparkContext was shut down SQLSTATE: XXKDA"))
                .isTrue();
        assertThat(StageWatch.saysCancelled("Job aborted due to stage failure: Job 3 cancelled it"))
                .isFalse();
    }
}
