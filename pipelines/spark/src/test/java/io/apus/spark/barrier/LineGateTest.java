package io.apus.spark.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LineGateTest {
    @Test
    void aFloodIsCutToSoManyLinesASecondAndCounted() {
        AtomicLong now = new AtomicLong();
        List<String> passed = new ArrayList<>();
        LineGate gate = new LineGate(passed::add, now::get);

        for (int i = 0; i < LineGate.PER_SECOND + 7; i++) {
            gate.accept("line");
        }
        assertThat(passed).hasSize(LineGate.PER_SECOND).containsOnly("line");

        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        gate.accept("next");
        assertThat(passed.subList(LineGate.PER_SECOND, passed.size())).containsExactly("... 7 lines left out", "next");
    }

    @Test
    void aLineIsNoLongerThanAPage() {
        List<String> passed = new ArrayList<>();

        new LineGate(passed::add, () -> 0).accept("x".repeat(10_000));

        assertThat(passed).containsExactly("x".repeat(LineGate.LONGEST) + " ...");
    }
}
