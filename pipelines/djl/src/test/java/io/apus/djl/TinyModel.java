package io.apus.djl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Model folders of our own making over a vocabulary of whole words, and a session to run them in. */
final class TinyModel {
    /** Token i has the i-th unit vector as its embedding; "good" speaks for the class good, "bad" for bad. */
    static final List<String> WORDS = List.of("[UNK]", "good", "bad", "red", "blue", "green", "-");

    private TinyModel() {}

    static SparkSession session() {
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .appName("apus-djl-tests")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.sql.codegen.wholeStage", "false")
                .getOrCreate();
        spark.sparkContext().setLogLevel("ERROR");
        return spark;
    }

    static DjlModel embedder(Path folder) throws IOException {
        float[][] table = new float[WORDS.size()][WORDS.size()];
        for (int i = 0; i < table.length; i++) {
            table[i][i] = 1;
        }
        TinyOnnx.embedding(described(folder).resolve("model.onnx"), table);
        return DjlModel.onnx(folder);
    }

    static DjlModel classifier(Path folder) throws IOException {
        float[][] table = new float[WORDS.size()][2];
        table[1] = new float[] {2, 0};
        table[2] = new float[] {0, 2};
        TinyOnnx.classifier(described(folder).resolve("model.onnx"), table);
        return DjlModel.onnx(folder);
    }

    private static Path described(Path folder) throws IOException {
        StringBuilder vocabulary = new StringBuilder();
        for (int i = 0; i < WORDS.size(); i++) {
            vocabulary.append(i == 0 ? "" : ",").append("'" + WORDS.get(i) + "':" + i);
        }
        String tokenizer = "{'version':'1.0','truncation':null,'padding':null,'added_tokens':[],'normalizer':null,"
                + "'pre_tokenizer':{'type':'WhitespaceSplit'},'post_processor':null,'decoder':null,"
                + "'model':{'type':'WordLevel','unk_token':'[UNK]','vocab':{" + vocabulary + "}}}";
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer.replace('\'', '"'));
        Files.writeString(folder.resolve("config.json"), "{\"id2label\": {\"0\": \"good\", \"1\": \"bad\"}}");
        return folder;
    }
}
