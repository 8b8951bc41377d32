-- A match. `class` is a code of format, gender and level; `day` is the first day of play as YYYYMMDD.
CREATE TABLE match (
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    class INTEGER NOT NULL,
    day INTEGER NOT NULL,
    match_type TEXT NOT NULL,
    balls_per_over INTEGER NOT NULL,
    overs INTEGER,
    season TEXT,
    event TEXT,
    venue TEXT,
    city TEXT,
    team1 TEXT NOT NULL,
    team2 TEXT NOT NULL,
    winner TEXT,
    result TEXT,
    method TEXT,
    -- Of the file it came from: a newer revision replaces the match, the same bytes change nothing.
    revision INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL
) STRICT;
-- Since which year matches of a class are held.
CREATE INDEX match_class_day ON match (class, day);

-- A person; the name is that of the latest match.
CREATE TABLE person (
    no INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    named_on INTEGER NOT NULL
) STRICT;

-- Who batted, bowled or was out in a match; `place` is how its packed balls call them.
CREATE TABLE part (
    match INTEGER NOT NULL REFERENCES match (no) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    person INTEGER NOT NULL REFERENCES person (no),
    PRIMARY KEY (match, place)
) STRICT, WITHOUT ROWID;

-- An innings with all its deliveries, packed.
CREATE TABLE innings (
    no INTEGER PRIMARY KEY,
    match INTEGER NOT NULL REFERENCES match (no) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    team TEXT NOT NULL,
    super_over INTEGER NOT NULL,
    target INTEGER,
    runs INTEGER NOT NULL,
    wickets INTEGER NOT NULL,
    legal_balls INTEGER NOT NULL,
    deliveries INTEGER NOT NULL,
    balls BLOB NOT NULL,
    UNIQUE (match, number)
) STRICT;

-- Figures of a batter's innings, a bowler's innings, and a batter against a bowler in a match. Ordered so that one
-- person's figures of one class before a day lie side by side.
CREATE TABLE batting (
    person INTEGER NOT NULL,
    class INTEGER NOT NULL,
    day INTEGER NOT NULL,
    match INTEGER NOT NULL,
    innings INTEGER NOT NULL,
    position INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    balls INTEGER NOT NULL,
    fours INTEGER NOT NULL,
    sixes INTEGER NOT NULL,
    dots INTEGER NOT NULL,
    out INTEGER NOT NULL,
    PRIMARY KEY (person, class, day, match, innings)
) STRICT, WITHOUT ROWID;

CREATE TABLE bowling (
    person INTEGER NOT NULL,
    class INTEGER NOT NULL,
    day INTEGER NOT NULL,
    match INTEGER NOT NULL,
    innings INTEGER NOT NULL,
    balls INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    wickets INTEGER NOT NULL,
    dots INTEGER NOT NULL,
    PRIMARY KEY (person, class, day, match, innings)
) STRICT, WITHOUT ROWID;

CREATE TABLE duel (
    batter INTEGER NOT NULL,
    bowler INTEGER NOT NULL,
    class INTEGER NOT NULL,
    day INTEGER NOT NULL,
    match INTEGER NOT NULL,
    balls INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    dots INTEGER NOT NULL,
    fours INTEGER NOT NULL,
    sixes INTEGER NOT NULL,
    dismissals INTEGER NOT NULL,
    PRIMARY KEY (batter, bowler, class, day, match)
) STRICT, WITHOUT ROWID;
