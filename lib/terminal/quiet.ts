// Imported first by commands whose output people or programs read: everyday log lines would stand between.
process.env.LOG_LEVEL ??= "warn";
