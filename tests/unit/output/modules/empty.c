/* A module that is no plugin. */
extern const int ss_something;
const int ss_something = 1;
