"""That no test and no first command depends on the day it is run on."""
