// Imported first by commands whose standard output is their answer: log lines would stand between.
process.env.LOG_LEVEL ||= "error";
