package io.apus.jobs.data.preview;

/** How a token counts in the loss, with the colour that it has on a terminal (ANSI, two shades so that neighbours stand apart). */
enum WeightClass {
    GIVEN("given", "38;5;245", "38;5;250"),
    LESS("below 1", "38;5;30", "38;5;37"),
    TRAINED("1", "38;5;28", "38;5;34"),
    MORE("above 1", "1;38;5;130", "1;38;5;172");

    private final String label;
    private final String shade;
    private final String otherShade;

    WeightClass(String label, String shade, String otherShade) {
        this.label = label;
        this.shade = shade;
        this.otherShade = otherShade;
    }

    static WeightClass of(float weight) {
        if (weight <= 0) {
            return GIVEN;
        }
        return weight < 1 ? LESS : weight > 1 ? MORE : TRAINED;
    }

    String label() {
        return label;
    }

    /** {@code text} in the colour of the class. */
    String painted(String text, boolean isOther) {
        return "\u001b[" + (isOther ? otherShade : shade) + "m" + text + "\u001b[0m";
    }
}
