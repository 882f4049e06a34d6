DROP TABLE tools.preferences;
