package io.apus.jobs.data.lineage;

import io.apus.schemas.data.Reject;
import io.apus.schemas.manifest.Accounting;
import io.apus.schemas.manifest.Manifest;
import io.apus.spark.lineage.DatasetAccount;
import io.apus.spark.lineage.PlacedSample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code apus lineage} found.
 *
 * @param run the run's folder
 * @param stages the data stages in order
 * @param datasets what became of each dataset's rows
 * @param placed samples in packed rows, as many as were asked for
 * @param refused refused rows, as many as were asked for
 */
record LineageReport(
        String run,
        List<Manifest> stages,
        List<DatasetAccount> datasets,
        List<PlacedSample> placed,
        List<Reject> refused) {
    long rows() {
        return datasets.stream().mapToLong(DatasetAccount::rows).sum();
    }

    /** Rows that the first stage took in: what the datasets' rows must add up to. */
    long in() {
        return stages.get(0).accounting().in();
    }

    boolean addsUp() {
        return rows() == in();
    }

    /** The report as plain data for JSON; names are those of the tables' columns. */
    Map<String, Object> data() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("run", run);
        data.put("stages", stages.stream().map(LineageReport::stage).toList());
        data.put("datasets", datasets.stream().map(LineageReport::dataset).toList());
        data.put("rows_in", in());
        data.put("rows_accounted", rows());
        data.put("adds_up", addsUp());
        data.put("placed", placed.stream().map(LineageReport::sample).toList());
        data.put("refused", refused.stream().map(LineageReport::reject).toList());
        return data;
    }

    private static Map<String, Object> stage(Manifest manifest) {
        Accounting accounting = manifest.accounting();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("stage", manifest.stage());
        data.put("commit", manifest.commit());
        data.put("in", accounting.in());
        data.put("kept", accounting.kept());
        data.put("refused", accounting.refused());
        Map<String, Long> versions = new TreeMap<>();
        manifest.outputs().stream()
                .filter(output -> output.version() >= 0)
                .forEach(output -> versions.put(output.path(), output.version()));
        data.put("versions", versions);
        return data;
    }

    private static Map<String, Object> dataset(DatasetAccount account) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("dataset", account.dataset());
        data.put("dataset_index", account.index());
        data.put("rows", account.rows());
        data.put("train", account.train());
        data.put("validation", account.validation());
        data.put("refused", account.refused());
        return data;
    }

    private static Map<String, Object> sample(PlacedSample sample) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("split", sample.split());
        data.put("packed_row", sample.packedRow());
        data.put("shard", sample.shard());
        data.put("position", sample.position());
        data.put("offset", sample.offset());
        data.put("length", sample.length());
        data.put("dataset", sample.key().dataset());
        data.put("row", sample.key().row());
        data.put("copy", sample.key().copy());
        data.put("part", sample.part());
        return data;
    }

    private static Map<String, Object> reject(Reject reject) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("dataset", reject.key().dataset());
        data.put("row", reject.key().row());
        data.put("copy", reject.key().copy());
        data.put("stage", reject.stage());
        data.put("reason", reject.reason());
        data.put("detail", reject.detail());
        data.put("raw", reject.raw());
        return data;
    }
}
