package io.apus.train;

/** Where a running trainer's messages go: one JSON object a line, each with a {@code type}. One way, rank 0 only but for stalls. */
public interface TrainReports {
    void report(String jsonLine);

    static TrainReports none() {
        return jsonLine -> {};
    }
}
