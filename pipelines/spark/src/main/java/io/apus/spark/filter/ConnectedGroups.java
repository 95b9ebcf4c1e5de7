package io.apus.spark.filter;

import java.util.Iterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * The connected groups of a graph, by alternating large-star and small-star steps (Kiveris et al. 2014, "Connected Components in MapReduce
 * and Beyond"): each step joins the neighbours of a node to their smallest, until every group is a star around its smallest node. A step is one
 * sort; the memory of a task does not grow with the graph. A graph of few edges is taken to the driver instead, with the same result.
 */
final class ConnectedGroups {
    private static final Encoder<Row> EDGE = Encoders.row(StructType.fromDDL("hi BIGINT NOT NULL, lo BIGINT NOT NULL"));

    /** Edges that the driver takes without noticing, some tens of megabytes. */
    static final int FEW = 300_000;

    private ConnectedGroups() {}

    /**
     * The nodes that have an edge.
     *
     * @param edges columns {@code a} and {@code b}
     * @param few up to so many edges are grouped by the driver
     * @return columns {@code id} and {@code label}, the smallest id of the group
     */
    static Dataset<Row> of(Dataset<Row> edges, PersistedFrames frames, long few) {
        Dataset<Row> current = frames.keep(edges.select(
                        functions.greatest("a", "b").as("hi"),
                        functions.least("a", "b").as("lo"))
                .where("hi > lo")
                .distinct());
        Row summary = summary(current);
        if (summary.getLong(0) <= few) {
            return small(current);
        }
        boolean changed = true;
        while (changed) {
            Dataset<Row> next = frames.keep(smallStar(largeStar(current)));
            Row nextSummary = summary(next);
            changed = !nextSummary.equals(summary);
            summary = nextSummary;
            current = next;
        }
        Dataset<Row> members =
                current.select(functions.col("hi").as("id"), functions.col("lo").as("label"));
        return members.unionByName(members.select(functions.col("label").as("id"), functions.col("label"))
                .distinct());
    }

    private static Dataset<Row> small(Dataset<Row> edges) {
        SmallGraph graph = new SmallGraph();
        edges.collectAsList().forEach(edge -> graph.connect(edge.getLong(0), edge.getLong(1)));
        return edges.sparkSession()
                .createDataFrame(graph.labels(), StructType.fromDDL("id BIGINT NOT NULL, label BIGINT NOT NULL"));
    }

    /** Equal for equal sets of edges, and hardly ever for others. */
    private static Row summary(Dataset<Row> edges) {
        return edges.select(
                        functions.expr("count(*)"),
                        functions.expr("coalesce(bit_xor(xxhash64(hi, lo)), 0)"),
                        functions.expr("coalesce(sum(cast(lo as decimal(38, 0))), 0)"))
                .first();
    }

    /** Links every larger neighbour of a node to the smallest of the node and its neighbours. */
    private static Dataset<Row> largeStar(Dataset<Row> edges) {
        Dataset<Row> both = edges.select(
                        functions.col("hi").as("node"), functions.col("lo").as("next"))
                .unionByName(edges.select(
                        functions.col("lo").as("node"), functions.col("hi").as("next")));
        return star(both, (node, smallest, next) -> {
            long center = Math.min(node, smallest);
            return next > node ? edge(next, center) : Stream.empty();
        });
    }

    /** Links a node and its smaller neighbours to the smallest of these. */
    private static Dataset<Row> smallStar(Dataset<Row> edges) {
        Dataset<Row> down =
                edges.select(functions.col("hi").as("node"), functions.col("lo").as("next"));
        return star(down, (node, smallest, next) -> next == smallest ? edge(node, smallest) : edge(next, smallest));
    }

    private static Stream<Row> edge(long hi, long lo) {
        return hi == lo ? Stream.empty() : Stream.of(RowFactory.create(hi, lo));
    }

    /** What becomes of one neighbour of a node. */
    private interface Step extends java.io.Serializable {
        Stream<Row> edges(long node, long smallest, long next);
    }

    private static Dataset<Row> star(Dataset<Row> neighbours, Step step) {
        MapPartitionsFunction<Row, Row> apply = rows -> applied(rows, step);
        return neighbours
                .distinct()
                .repartition(functions.col("node"))
                .sortWithinPartitions("node", "next")
                .mapPartitions(apply, EDGE)
                .distinct();
    }

    /** The first neighbour of a node in the sorted rows is its smallest. */
    private static Iterator<Row> applied(Iterator<Row> rows, Step step) {
        long[] current = {Long.MIN_VALUE, 0};
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
                .flatMap(row -> {
                    if (row.getLong(0) != current[0]) {
                        current[0] = row.getLong(0);
                        current[1] = row.getLong(1);
                    }
                    return step.edges(current[0], current[1], row.getLong(1));
                })
                .iterator();
    }
}
