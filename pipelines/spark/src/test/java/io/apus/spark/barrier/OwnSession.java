package io.apus.spark.barrier;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Opens a session with settings of its own in a JVM where another test may have left one: there can be one at a time. */
public final class OwnSession {
    private OwnSession() {}

    public static SparkSession open(Map<String, String> settings) {
        Option<SparkSession> other = SparkSession.getDefaultSession();
        if (other.isDefined()) {
            other.get().stop();
        }
        SparkConf conf = new SparkConf();
        settings.forEach(conf::set);
        SparkSession spark = SparkSession.builder().config(conf).getOrCreate();
        spark.sparkContext().setLogLevel("ERROR");
        return spark;
    }
}
