package io.apus.spark.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private static final RankShape ONE_CORE = new RankShape(1, 0, Optional.empty());

    @Test
    void aClusterThatStartsWhatItIsAskedForHasTwoSlotsUnlessToldOtherwise() {
        SparkConf nothing = new SparkConf(false);
        SparkConf five = new SparkConf(false).set("spark.executor.instances", "5");

        for (String master : new String[] {"yarn", "k8s://https://host:6443"}) {
            assertThat(Slots.asked(master, nothing, ONE_CORE).orElseThrow())
                    .hasToString("2 slots = 2 executors x 1 core / spark.task.cpus 1");
            assertThat(Slots.asked(master, five.clone().set("spark.executor.cores", "4"), ONE_CORE)
                            .orElseThrow()
                            .available())
                    .isEqualTo(20);
        }
        assertThat(Slots.asked("spark://host:7077", five.clone().set("spark.executor.cores", "4"), ONE_CORE))
                .isEmpty();
    }
}
