import wrong_one
name = "é"
import wrong_two
