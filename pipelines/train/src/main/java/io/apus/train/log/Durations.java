package io.apus.train.log;

/** Durations as ms-swift's log shows them: {@code 1d 2h 3m 4s}, leading zero parts left out. */
final class Durations {
    private Durations() {}

    static String text(double seconds) {
        long whole = Math.max(0, Math.round(seconds));
        long days = whole / 86_400;
        long hours = whole / 3_600 % 24;
        long minutes = whole / 60 % 60;
        StringBuilder text = new StringBuilder();
        if (days > 0) {
            text.append(days).append("d ");
        }
        if (days > 0 || hours > 0) {
            text.append(hours).append("h ");
        }
        if (days > 0 || hours > 0 || minutes > 0) {
            text.append(minutes).append("m ");
        }
        return text.append(whole % 60).append('s').toString();
    }
}
