/* One pass over a CSV: where its cells are, and for each wanted column a number for every row.
 *
 * Only the plain form is read: a cell either has no quotation mark, or begins and ends with one and has every
 * other doubled; every row has the same number of cells; rows end with a line feed, the last one may end with
 * the file; no carriage return outside quotation marks, no blank line. Anything else is ODD, and the caller
 * reads that file in the slow and thorough way. So nothing here has to guess.
 *
 * Memory: reads data[0 .. size) and plan[0 .. width), writes only below the sizes it is told; allocates
 * nothing. All room is the caller's: for each slot `capacity` codes, places, lengths and hashes, and a table
 * of `table_size` numbers (a power of two, more than twice `capacity`).
 */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__AVX2__)
#include <immintrin.h>
const char fairnotice_needs[] = "avx2";
#elif defined(__SSE2__)
#include <emmintrin.h>
const char fairnotice_needs[] = "sse2";
#else
const char fairnotice_needs[] = "";
#endif

const uint32_t fairnotice_version = 1;

enum { SKIP = -1, TIME = -2, FIRST_BIT = -3, ODD = -1, TOO_MANY = -2, MISUSED = -3, BLOCK = 64, FIRST_TABLE = 1024 };

/* Of 64 bytes: a bit for each that is the wanted one. */
#if defined(__AVX2__)
typedef struct {
    __m256i low, high;
} Block;

static inline Block block_at(const uint8_t *bytes) {
    const Block found = {_mm256_loadu_si256((const __m256i *)bytes),
                         _mm256_loadu_si256((const __m256i *)(bytes + 32))};
    return found;
}

static inline uint64_t where(Block block, char wanted) {
    const __m256i all = _mm256_set1_epi8(wanted);
    const uint32_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block.low, all));
    const uint32_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block.high, all));
    return (uint64_t)low | (uint64_t)high << 32;
}
#elif defined(__SSE2__)
typedef struct {
    __m128i part[4];
} Block;

static inline Block block_at(const uint8_t *bytes) {
    Block found;
    for (int at = 0; at < 4; at++)
        found.part[at] = _mm_loadu_si128((const __m128i *)(bytes + 16 * at));
    return found;
}

static inline uint64_t where(Block block, char wanted) {
    const __m128i all = _mm_set1_epi8(wanted);
    uint64_t found = 0;
    for (int at = 0; at < 4; at++)
        found |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block.part[at], all)) << (16 * at);
    return found;
}
#else
typedef struct {
    const uint8_t *bytes;
} Block;

static inline Block block_at(const uint8_t *bytes) {
    const Block found = {bytes};
    return found;
}

static inline uint64_t where(Block block, char wanted) {
    uint64_t found = 0;
    for (int at = 0; at < BLOCK; at++)
        found |= (uint64_t)(block.bytes[at] == (uint8_t)wanted) << at;
    return found;
}
#endif

/* Bit n: whether bits 0 to n have an odd number of ones. */
static inline uint64_t odd_up_to(uint64_t bits) {
    for (int by = 1; by < 64; by <<= 1)
        bits ^= bits << by;
    return bits;
}

static inline uint32_t hash_of(const uint8_t *cell, size_t length) {
    uint64_t hash = 0x9E3779B97F4A7C15u ^ length, piece;
    const uint8_t *end = cell + length;
    if (length < 8) {
        piece = 0;
        while (cell < end)
            piece = piece << 8 | *cell++;
    } else {
        for (; end - cell > 8; cell += 8) {
            memcpy(&piece, cell, 8);
            hash = (hash ^ piece) * 0xFF51AFD7ED558CCDu;
            hash ^= hash >> 32;
        }
        memcpy(&piece, end - 8, 8); /* the last eight, some of them for the second time */
    }
    hash = (hash ^ piece) * 0xC4CEB9FE1A85EC53u;
    return (uint32_t)(hash >> 32) ^ (uint32_t)hash;
}

/* The different cells of one column, in the order of their first coming. */
typedef struct {
    uint32_t *codes;   /* of each row */
    uint32_t *places;  /* of each different cell: where it begins in the data */
    uint32_t *lengths;
    uint32_t *hashes;
    uint32_t *table;   /* hash -> code + 1; 0 is a free place */
    uint32_t mask;     /* of the part of the table in use, less one */
    uint32_t count;
    uint32_t last;     /* code of the row before */
} Slot;

static void widen(Slot *slot) {
    slot->mask = slot->mask * 2 + 1;
    memset(slot->table, 0, ((size_t)slot->mask + 1) * sizeof *slot->table);
    for (uint32_t code = 0; code < slot->count; code++) {
        uint32_t at = slot->hashes[code] & slot->mask;
        while (slot->table[at])
            at = (at + 1) & slot->mask;
        slot->table[at] = code + 1;
    }
}

static inline int is(const Slot *slot, uint32_t code, const uint8_t *data, const uint8_t *cell, size_t length) {
    return slot->lengths[code] == length && !memcmp(data + slot->places[code], cell, length);
}

/* The code of a cell. There is room: each row brings at most one new one, and a table that is half full is
 * widened; `fairnotice_scan` asks for as much as that can take. */
static inline uint32_t code_of(Slot *slot, const uint8_t *data, const uint8_t *cell, size_t length) {
    if (slot->count && is(slot, slot->last, data, cell, length))
        return slot->last;
    const uint32_t hash = hash_of(cell, length);
    uint32_t at = hash & slot->mask;
    while (slot->table[at]) {
        const uint32_t code = slot->table[at] - 1;
        if (slot->hashes[code] == hash && is(slot, code, data, cell, length))
            return slot->last = code;
        at = (at + 1) & slot->mask;
    }
    const uint32_t code = slot->count++;
    slot->places[code] = (uint32_t)(cell - data);
    slot->lengths[code] = (uint32_t)length;
    slot->hashes[code] = hash;
    slot->table[at] = code + 1;
    if (slot->count > slot->mask / 2)
        widen(slot);
    return slot->last = code;
}

enum { MOST_SLOTS = 64, MOST_BITS = 32, DATE = 10 };

/* Seconds of the day of a cell YYYY-MM-DD HH:MM:SS, in quotation marks or not, or -1: it is none. `*date`:
 * where its date begins. Whether there is such a date is not looked at. */
static inline int32_t clock_of(const uint8_t *cell, size_t length, const uint8_t **date) {
    static const char shape[] = "0000-00-00 00:00:00";
    if (length == sizeof shape + 1 && cell[0] == '"')
        cell++; /* then it ends with a mark as well */
    else if (length != sizeof shape - 1)
        return -1;
    for (size_t at = 0; at + 1 < sizeof shape; at++)
        if (shape[at] == '0' ? (uint8_t)(cell[at] - '0') > 9 : cell[at] != (uint8_t)shape[at])
            return -1;
    const int32_t hours = (cell[11] - '0') * 10 + cell[12] - '0';
    const int32_t minutes = (cell[14] - '0') * 10 + cell[15] - '0';
    const int32_t seconds = (cell[17] - '0') * 10 + cell[18] - '0';
    if (hours > 23 || minutes > 59 || seconds > 59)
        return -1;
    *date = cell;
    return (hours * 60 + minutes) * 60 + seconds;
}

/* Where a row's answers go. */
typedef struct {
    Slot *slot;
    const uint8_t *data;
    uint32_t time_slot;
    uint32_t *clock;
} Answers;

/* One cell that is wanted. Gives the bits that it adds to `told`, or -1: it is not what it should be. */
static inline int64_t take(const Answers *to, int32_t what, uint64_t row, const uint8_t *cell, size_t length) {
    if (what >= 0) {
        to->slot[what].codes[row] = code_of(&to->slot[what], to->data, cell, length);
        return 0;
    }
    if (what == TIME) {
        const uint8_t *date = cell;
        const int32_t seconds = clock_of(cell, length, &date);
        if (seconds < 0)
            return -1;
        to->clock[row] = (uint32_t)seconds;
        to->slot[to->time_slot].codes[row] = code_of(&to->slot[to->time_slot], to->data, date, DATE);
        return 0;
    }
    return length > 2 || (length && cell[0] != '"') ? (int64_t)1 << (FIRST_BIT - what) : 0;
}

/* Rows found, or ODD, TOO_MANY (more than `capacity` rows), MISUSED.
 *
 * data: the CSV behind its header. width: cells of a row. plan: for each cell of a row SKIP, the number of a
 * slot (0 .. slots - 1), TIME, or FIRST_BIT - bit: then that bit of `said` tells whether the cell says
 * anything. A TIME is held to its form; its date goes to the last slot, its seconds of the day to `clock`.
 * codes, places, lengths, hashes: `slots` times `capacity`, slot by slot. tables: `slots` times `table_size`.
 * counts: for each slot, how many different cells there were. said, clock: `capacity`.
 */
int64_t fairnotice_scan(
    const uint8_t *data, uint64_t size, uint32_t width, const int32_t *plan, uint32_t slots,
    uint64_t capacity, uint64_t table_size, uint32_t *codes, uint32_t *places, uint32_t *lengths,
    uint32_t *hashes, uint32_t *tables, uint32_t *counts, uint32_t *said, uint32_t *clock) {
    Slot slot[MOST_SLOTS];
    if (width < 2 || slots > MOST_SLOTS || !capacity || capacity > UINT32_MAX / 4 || size >= UINT32_MAX ||
        table_size <= 2 * capacity || table_size < FIRST_TABLE || (table_size & (table_size - 1)))
        return MISUSED;
    uint64_t taken = 0;
    for (uint32_t column = 0; column < width; column++) {
        int32_t to = plan[column];
        if (to >= (int32_t)slots || to <= FIRST_BIT - MOST_BITS)
            return MISUSED;
        if (to == TIME)
            to = (int32_t)slots - 1;
        else if (to < 0)
            continue;
        /* Two columns of one slot would bring two new cells a row. */
        if (to < 0 || taken >> to & 1)
            return MISUSED;
        taken |= (uint64_t)1 << to;
    }
    for (uint32_t at = 0; at < slots; at++) {
        const Slot fresh = {codes + at * capacity, places + at * capacity, lengths + at * capacity,
                            hashes + at * capacity, tables + at * table_size, FIRST_TABLE - 1, 0, 0};
        slot[at] = fresh;
        memset(fresh.table, 0, FIRST_TABLE * sizeof *fresh.table);
    }
    const Answers answers = {slot, data, slots - 1, clock};

    uint64_t inside = 0;     /* all ones where the block before ended in quotation marks */
    uint64_t after_edge = 1; /* whether the byte before was a separator or a quotation mark */
    uint64_t closed = 0;     /* whether the byte before closed a quotation */
    uint64_t row = 0, start = 0;
    uint32_t column = 0, told = 0;
    uint8_t rest[BLOCK];

    for (uint64_t from = 0; from < size; from += BLOCK) {
        const uint8_t *bytes = data + from;
        uint64_t real = ~(uint64_t)0;
        if (size - from < BLOCK) {
            memset(rest, 0, sizeof rest);
            memcpy(rest, bytes, size - from);
            bytes = rest;
            real = ((uint64_t)1 << (size - from)) - 1;
        }
        const Block block = block_at(bytes);
        const uint64_t marks = where(block, '"');
        if (inside && !marks) { /* in the middle of a text */
            after_edge = 0;
            continue;
        }
        const uint64_t feeds = where(block, '\n');
        const uint64_t quoted = marks ? inside ^ odd_up_to(marks) : 0;
        uint64_t ends = (where(block, ',') | feeds) & ~quoted;
        const uint64_t edge = ends | marks;
        /* What opens stands behind a separator, or behind the mark that it doubles; what closes stands before
         * a separator, or before the mark that doubles it. */
        const uint64_t opens = marks & quoted & ~(edge << 1 | after_edge);
        const uint64_t closes = marks & ~quoted & ~(edge >> 1) & (real >> 1);
        if (opens | closes | (where(block, '\r') & ~quoted) | (closed & ~edge))
            return ODD;
        closed = (marks & ~quoted) >> 63;
        after_edge = edge >> 63;
        inside = (uint64_t)0 - (quoted >> 63);

        while (ends) {
            const int bit = __builtin_ctzll(ends);
            const uint64_t at = from + (uint64_t)bit;
            const int32_t what = plan[column];
            if (what != SKIP) {
                if (row == capacity)
                    return TOO_MANY;
                const int64_t bits = take(&answers, what, row, data + start, at - start);
                if (bits < 0)
                    return ODD;
                told |= (uint32_t)bits;
            }
            start = at + 1;
            ends &= ends - 1;
            column++;
            if (feeds >> bit & 1) {
                if (column != width)
                    return ODD;
                if (row == capacity)
                    return TOO_MANY;
                said[row++] = told;
                column = told = 0;
            } else if (column == width) {
                return ODD;
            }
        }
    }
    if (inside)
        return ODD;
    if (start < size || column) { /* a last row that ends with the file */
        if (column + 1 != width)
            return ODD;
        if (row == capacity)
            return TOO_MANY;
        if (plan[column] != SKIP) {
            const int64_t bits = take(&answers, plan[column], row, data + start, size - start);
            if (bits < 0)
                return ODD;
            told |= (uint32_t)bits;
        }
        said[row++] = told;
    }
    for (uint32_t at = 0; at < slots; at++)
        counts[at] = slot[at].count;
    return (int64_t)row;
}
