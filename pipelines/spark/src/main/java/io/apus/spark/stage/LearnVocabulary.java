package io.apus.spark.stage;

import io.apus.corpus.vocabulary.CreatedModel;
import io.apus.corpus.vocabulary.WordCounts;
import io.apus.schemas.data.Splits;
import io.apus.schemas.spec.CreateModelSpec;
import io.apus.spark.table.Mapping;
import io.apus.spark.table.SampleRows;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import scala.Tuple2;

/** Makes the model folder of a run that starts from nothing: words are counted by the executors, merges are learnt on the driver. */
final class LearnVocabulary {
    private LearnVocabulary() {}

    /** Learns from the training split only, so that held-out text stays unseen. */
    static void run(Phases phases, CreateModelSpec spec, Dataset<Row> samples, Path folder) {
        phases.begin("counting words");
        FlatMapFunction<Iterator<Row>, Map<String, Long>> count = LearnVocabulary::count;
        Map<String, Long> words = new HashMap<>();
        samples.where(functions.col("split").equalTo(Splits.TRAIN))
                .javaRDD()
                .mapPartitions(count)
                .flatMapToPair(counts -> new Mapping<>(
                        counts.entrySet().iterator(), entry -> new Tuple2<>(entry.getKey(), entry.getValue())))
                .reduceByKey(Long::sum)
                .collect()
                .forEach(entry -> words.put(entry._1(), entry._2()));
        phases.begin("learning a vocabulary of " + spec.vocabSize());
        CreatedModel.write(folder, spec, words);
    }

    private static Iterator<Map<String, Long>> count(Iterator<Row> samples) {
        Map<String, Long> counts = new HashMap<>();
        while (samples.hasNext()) {
            WordCounts.merge(
                    counts,
                    WordCounts.count(
                            WordCounts.texts(SampleRows.decode(samples.next())).iterator()));
        }
        return List.of(counts).iterator();
    }
}
