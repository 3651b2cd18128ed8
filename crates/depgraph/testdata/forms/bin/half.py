# /// script
# dependencies = ["half"
# ///
import half
