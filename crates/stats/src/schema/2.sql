-- Figures are made anew from the packed deliveries, with more in them than in version 1.
DROP TABLE batting;
DROP TABLE bowling;
DROP TABLE duel;

-- A side, by its name.
CREATE TABLE side (
    no INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- A ground by its normalised name and city; '' where the file names no city. The file's own text stays in `match`.
CREATE TABLE ground (
    no INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    city TEXT NOT NULL,
    UNIQUE (name, city)
) STRICT;

-- A season of a competition.
CREATE TABLE contest (
    no INTEGER PRIMARY KEY,
    event TEXT NOT NULL,
    season TEXT NOT NULL,
    UNIQUE (event, season)
) STRICT;

ALTER TABLE match ADD COLUMN ground INTEGER REFERENCES ground (no);
ALTER TABLE match ADD COLUMN contest INTEGER REFERENCES contest (no);
CREATE INDEX match_ground ON match (ground, day);
CREATE INDEX match_contest ON match (contest, day);

-- Every name a person has gone by; `part.name` says by which in a match.
CREATE TABLE alias (
    no INTEGER PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person (no),
    name TEXT NOT NULL,
    UNIQUE (person, name)
) STRICT;
CREATE INDEX alias_name ON alias (name);
INSERT INTO alias (person, name) SELECT no, name FROM person ORDER BY no;
ALTER TABLE part ADD COLUMN name INTEGER REFERENCES alias (no);
UPDATE part SET name = (SELECT no FROM alias WHERE alias.person = part.person);
CREATE INDEX part_person ON part (person);

-- Figures of a batter's innings and of a bowler's innings. Ordered so that one person's figures of one class before a
-- day lie side by side. `early_` is the powerplay (of matches without a limit: the first 20 overs of an innings), `late_`
-- the death (from the 81st over); the middle is the rest. `credited`: whether a bowler was credited with the wicket.
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
    credited INTEGER NOT NULL,
    side INTEGER NOT NULL,
    against INTEGER NOT NULL,
    ground INTEGER,
    contest INTEGER,
    early_balls INTEGER NOT NULL,
    early_runs INTEGER NOT NULL,
    early_dots INTEGER NOT NULL,
    early_fours INTEGER NOT NULL,
    early_sixes INTEGER NOT NULL,
    early_outs INTEGER NOT NULL,
    late_balls INTEGER NOT NULL,
    late_runs INTEGER NOT NULL,
    late_dots INTEGER NOT NULL,
    late_fours INTEGER NOT NULL,
    late_sixes INTEGER NOT NULL,
    late_outs INTEGER NOT NULL,
    PRIMARY KEY (person, class, day, match, innings)
) STRICT, WITHOUT ROWID;

-- `faced` are the balls that batters faced (no wides), `bat` the runs off the bat: what a duel counts.
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
    faced INTEGER NOT NULL,
    bat INTEGER NOT NULL,
    side INTEGER NOT NULL,
    against INTEGER NOT NULL,
    ground INTEGER,
    contest INTEGER,
    early_balls INTEGER NOT NULL,
    early_runs INTEGER NOT NULL,
    early_wickets INTEGER NOT NULL,
    early_dots INTEGER NOT NULL,
    late_balls INTEGER NOT NULL,
    late_runs INTEGER NOT NULL,
    late_wickets INTEGER NOT NULL,
    late_dots INTEGER NOT NULL,
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

-- Two batters together without a break; `a` is the lower number of the two, `nth` counts the stands of an innings.
CREATE TABLE stand (
    a INTEGER NOT NULL,
    b INTEGER NOT NULL,
    class INTEGER NOT NULL,
    day INTEGER NOT NULL,
    match INTEGER NOT NULL,
    innings INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    balls INTEGER NOT NULL,
    PRIMARY KEY (a, b, class, day, match, innings, nth)
) STRICT, WITHOUT ROWID;

-- A person's sums up to and including a day: what was before any day is one look into the key. Made from `batting` and
-- `bowling` alone. `highest` is twice the runs, plus one when not out; `best` is 10000 times the wickets plus 9999 less
-- the runs: the greater the better, both.
CREATE TABLE batting_so_far (
    person INTEGER NOT NULL,
    class INTEGER NOT NULL,
    day INTEGER NOT NULL,
    matches INTEGER NOT NULL,
    innings INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    balls INTEGER NOT NULL,
    fours INTEGER NOT NULL,
    sixes INTEGER NOT NULL,
    dots INTEGER NOT NULL,
    outs INTEGER NOT NULL,
    credited INTEGER NOT NULL,
    fifties INTEGER NOT NULL,
    hundreds INTEGER NOT NULL,
    early_balls INTEGER NOT NULL,
    early_runs INTEGER NOT NULL,
    early_dots INTEGER NOT NULL,
    early_fours INTEGER NOT NULL,
    early_sixes INTEGER NOT NULL,
    early_outs INTEGER NOT NULL,
    late_balls INTEGER NOT NULL,
    late_runs INTEGER NOT NULL,
    late_dots INTEGER NOT NULL,
    late_fours INTEGER NOT NULL,
    late_sixes INTEGER NOT NULL,
    late_outs INTEGER NOT NULL,
    highest INTEGER NOT NULL,
    PRIMARY KEY (person, class, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE bowling_so_far (
    person INTEGER NOT NULL,
    class INTEGER NOT NULL,
    day INTEGER NOT NULL,
    matches INTEGER NOT NULL,
    innings INTEGER NOT NULL,
    balls INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    wickets INTEGER NOT NULL,
    dots INTEGER NOT NULL,
    faced INTEGER NOT NULL,
    bat INTEGER NOT NULL,
    four_fors INTEGER NOT NULL,
    five_fors INTEGER NOT NULL,
    early_balls INTEGER NOT NULL,
    early_runs INTEGER NOT NULL,
    early_wickets INTEGER NOT NULL,
    early_dots INTEGER NOT NULL,
    late_balls INTEGER NOT NULL,
    late_runs INTEGER NOT NULL,
    late_wickets INTEGER NOT NULL,
    late_dots INTEGER NOT NULL,
    best INTEGER NOT NULL,
    PRIMARY KEY (person, class, day)
) STRICT, WITHOUT ROWID;

-- The matches, and everybody's sums, of a season of a competition up to and including a day; the sums packed (see keep/standing.rs): what a ranking
-- of any kind before any day needs is one row.
CREATE TABLE standing (
    contest INTEGER NOT NULL,
    class INTEGER NOT NULL,
    day INTEGER NOT NULL,
    matches INTEGER NOT NULL,
    people BLOB NOT NULL,
    PRIMARY KEY (contest, class, day)
) STRICT;

-- How a match went, by ground (0 where the file names none): what was set and what became of the chase. `first` is the first innings' total where that
-- innings came to its end by itself. `chase`: 0 none decided, 1 won, 2 lost, 3 tied. `ruled`: by a rule for rain or by
-- award, so that totals cannot be compared.
CREATE TABLE at_ground (
    ground INTEGER NOT NULL,
    class INTEGER NOT NULL,
    day INTEGER NOT NULL,
    match INTEGER NOT NULL,
    first INTEGER,
    setter INTEGER NOT NULL,
    chaser INTEGER NOT NULL,
    target INTEGER,
    made INTEGER,
    made_wickets INTEGER,
    chase INTEGER NOT NULL,
    ruled INTEGER NOT NULL,
    PRIMARY KEY (ground, class, day, match)
) STRICT, WITHOUT ROWID;

-- The decided chases of a side.
CREATE TABLE chase (
    side INTEGER NOT NULL,
    class INTEGER NOT NULL,
    day INTEGER NOT NULL,
    match INTEGER NOT NULL,
    against INTEGER NOT NULL,
    target INTEGER NOT NULL,
    made INTEGER NOT NULL,
    made_wickets INTEGER NOT NULL,
    chase INTEGER NOT NULL,
    ruled INTEGER NOT NULL,
    PRIMARY KEY (side, class, day, match)
) STRICT, WITHOUT ROWID;

-- First innings that came to their end by themselves, by class and day, and by class and month (YYYYMM).
CREATE TABLE first_innings (
    class INTEGER NOT NULL,
    day INTEGER NOT NULL,
    innings INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    PRIMARY KEY (class, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE first_innings_month (
    class INTEGER NOT NULL,
    month INTEGER NOT NULL,
    innings INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    PRIMARY KEY (class, month)
) STRICT, WITHOUT ROWID;
