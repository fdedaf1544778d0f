package example.folio.generator;

/** Turns comments of the contract into those of Java. */
final class Javadoc {
  private static final int WIDTH = 120;

  private Javadoc() {}

  static String of(String indent, String comment) {
    String text = comment.strip()
                      .replace("&", "&amp;")
                      .replace("<", "&lt;")
                      .replace(">", "&gt;")
                      .replace("@", "&#64;")
                      .replace("*/", "*&#47;")
                      .replaceAll("`([^`{}]*)`", "{@code $1}");
    StringBuilder result = new StringBuilder(indent).append("/**\n");
    StringBuilder line = new StringBuilder();
    for (String word : text.split("\\s+")) {
      if (line.length() > 0 && indent.length() + line.length() + word.length() + 4 > WIDTH) {
        result.append(indent).append(" * ").append(line).append('\n');
        line.setLength(0);
      }
      line.append(line.length() > 0 ? " " : "").append(word);
    }
    return result.append(indent).append(" * ").append(line).append('\n').append(indent).append(" */\n").toString();
  }
}
